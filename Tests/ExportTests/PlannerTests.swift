import Network
import Testing
import TinyRuntime
import Train

@testable import Export

@Suite struct PlannerTests {
  private func plan(_ network: Network, _ goal: Goal) throws -> (QuantizedNetwork, Plan) {
    let folded = try FoldedNetwork(simplifying: network)
    let quantized = try QuantizedNetwork(folded, folded.quantizations(of: network, by: .minMax))
    return (
      quantized, try Planner.plan(quantized, names: folded.nodes.map(\.name), for: goal)
    )
  }

  @Test("No two buffers that live at one time share a byte", arguments: 0..<60)
  func noOverlap(seed: Int) throws {
    let network = try RandomNetwork.network(seed: UInt64(seed))
    for goal in Goal.allCases {
      let (_, plan) = try plan(network, goal)
      let state = ModelFormat.stateByteCount(recordCount: plan.edges.count)
      for (index, edge) in plan.edges.enumerated() where edge.ringHeight > 0 {
        #expect(edge.offset >= state && edge.offset + edge.byteCount <= plan.arenaByteCount)
        for other in plan.edges[..<index] where other.lifetime.overlaps(edge.lifetime) {
          #expect(
            other.offset + other.byteCount <= edge.offset
              || edge.offset + edge.byteCount <= other.offset)
        }
      }
    }
  }

  @Test("A convolution keeps as many rows as its kernel is high")
  func rings() throws {
    let network = try Network(
      text: "input 20x20x1\nconv 3x3 2\nconv 5x5 2\nmaxpool 2x2\nconv 1x1 3\ndense 4"
    ).untrained(seed: 1)
    let (_, plan) = try plan(network, .ram)
    #expect(plan.edges.map(\.ringHeight) == [3, 6, 0, 1, 1, 1])
  }

  @Test("A residual keeps its delay and no more")
  func residual() throws {
    let network = try Network(
      text: """
        input 16x16x1
        trunk: conv 1x1 4
        conv 3x3 4 padding=same
        conv 3x3 4 padding=same
        add trunk
        conv 1x1 1
        """
    ).untrained(seed: 1)
    let (_, plan) = try plan(network, .ram)
    // The sum reads row y when the first 3x3 convolution has just read rows y to y + 2.
    #expect(plan.edges[1].ringHeight == 3)
    #expect(plan.edges[5].ringHeight == 16)
  }

  @Test("For speed every activation but the picture is whole, layer after layer")
  func whole() throws {
    let network = Preset.lenet.network.untrained(seed: 1)
    let (_, plan) = try plan(network, .speed)
    #expect(plan.edges.map(\.ringHeight) == [4, 0, 13, 0, 5, 1])
    let stored = plan.edges.filter { $0.ringHeight > 0 }
    for (earlier, later) in zip(stored.dropFirst(), stored.dropFirst(3)) {
      #expect(!earlier.lifetime.overlaps(later.lifetime))
    }
  }

  @Test(
    "Streaming takes less memory than whole activations",
    arguments: [Preset.lenet, .resnet8, .dscnn])
  func streams(preset: Preset) throws {
    let network = preset.network.untrained(seed: 1)
    let streaming = try plan(network, .ram).1.arenaByteCount
    let whole = try plan(network, .speed).1.arenaByteCount
    #expect(streaming * 2 < whole)
  }
}
