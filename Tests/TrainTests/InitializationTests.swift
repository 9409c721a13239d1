import Network
import Testing
import Train

@Suite struct InitializationTests {
  @Test(
    "weights have the deviation that keeps activations' size, biases are 0, batch norms neutral")
  func deviations() throws {
    let text = """
      input 8x8x16
      conv 3 64 bias=no
      batchnorm
      relu
      depthwise 3
      dense 100
      """
    let network = try Network(text: text).initialized(seed: 1)
    func deviation(_ name: String) throws -> Float {
      let values = try #require(network.parameters[name]).values
      return (values.reduce(0) { $0 + $1 * $1 } / Float(values.count)).squareRoot()
    }
    #expect(abs(try deviation("conv1.weight") / (2 / Float(144)).squareRoot() - 1) < 0.03)
    #expect(abs(try deviation("depthwise1.weight") / (1 / Float(9)).squareRoot() - 1) < 0.1)
    #expect(abs(try deviation("dense1.weight") / (1 / Float(1024)).squareRoot() - 1) < 0.02)
    #expect(network.parameters["depthwise1.bias"]!.values.allSatisfy { $0 == 0 })
    #expect(network.parameters["batchnorm1.weight"]!.values.allSatisfy { $0 == 1 })
    #expect(network.parameters["batchnorm1.running_mean"]!.values.allSatisfy { $0 == 0 })
    #expect(network.parameters["batchnorm1.running_variance"]!.values.allSatisfy { $0 == 1 })
  }
}
