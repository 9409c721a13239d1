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

  @Test("A convolution keeps as many rows as its kernel is high")
  func rings() throws {
    let network = try Network(
      text: "input 20x20x1\nconv 3x3 2\nconv 5x5 2\nmaxpool 2x2\nconv 1x1 3\ndense 4"
    ).untrained(seed: 1)
    let (_, plan) = try plan(network, .ram)
    #expect(plan.edges.map(\.ringHeight) == [3, 5, 2, 1, 1, 1])
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

  @Test("A plan with an edge elsewhere is refused, or gives the same bytes", arguments: 0..<40)
  func moved(seed: Int) throws {
    let network = try RandomNetwork.network(seed: UInt64(seed))
    let names = try FoldedNetwork(simplifying: network).nodes.map(\.name)
    var random = SplitMix(seed: UInt64(seed))
    var refused = 0
    for goal in Goal.allCases {
      let (quantized, plan) = try plan(network, goal)
      let weights = quantized.nodes.map { PackedWeights($0.weights, with: .raw) }
      let model = try HostModel(ModelFile.bytes(of: quantized, plan, weights, nil))
      let picture = (0..<model.inputCount).map { _ in
        Int8.random(in: .min ... .max, using: &random)
      }
      let expected = model.run(picture)
      let schedule = RowSchedule(walking: model.records)
      for index in plan.edges.indices where plan.edges[index].ringHeight > 0 {
        for _ in 0..<4 {
          var moved = plan
          let state = ModelFormat.stateByteCount(recordCount: plan.edges.count)
          moved.edges[index].offset =
            state + 4 * Int.random(in: 0...(plan.arenaByteCount - state) / 4, using: &random)
          let end = moved.edges.map { $0.offset + $0.byteCount }.max()!
          moved.arenaByteCount = (end + 3) & ~3
          do throws(ExportError) {
            try ShadowMemory.prove(moved, schedule, names: names)
          } catch {
            refused += 1
            continue
          }
          let other = try HostModel(ModelFile.bytes(of: quantized, moved, weights, nil))
          #expect(other.run(picture) == expected, "seed \(seed), \(goal), edge \(index)")
        }
      }
    }
    #expect(refused > 0)
  }
}
