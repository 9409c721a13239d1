import Network
import Testing

@testable import Train

@Suite struct MemoryLayoutPlanTests {
  @Test("training keeps every value, and no more gradients than two layers have", arguments: 1...6)
  func chain(pairs: Int) throws {
    let text = "input 4x4x8\n" + String(repeating: "conv 1 8\ntanh\n", count: pairs)
    let network = try Network(text: text)
    let plan = MemoryLayoutPlan(network, Graph(network), forTraining: true)
    #expect(plan.count == (1 + 2 * pairs + 2) * 4 * 4 * 8)
  }

  @Test("after training every value has a place of its own")
  func inference() throws {
    let network = Preset.resnet8.network
    let plan = MemoryLayoutPlan(network, Graph(network), forTraining: false)
    let counts =
      [network.input.pixelCount * Graph(network).pictureStride]
      + network.shapes.map(\.floatCount)
    var end = 0
    for (offset, count) in zip(plan.activations, counts).sorted(by: { $0.0 < $1.0 }) {
      #expect(offset >= end)
      end = offset + count
    }
    #expect(plan.count >= end)
  }
}
