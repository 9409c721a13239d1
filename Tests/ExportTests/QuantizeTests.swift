import Foundation
import Network
import Testing
import TinyRuntime
import Train

@testable import Export

@Suite struct QuantizeTests {
  @Test("A multiplier set makes each scale to 2^-20, and the largest to 2^-30")
  func multipliers() throws {
    var random = SplitMix(seed: 1)
    for exponent in -24..<5 {
      let largest = Double.random(in: 1..<2, using: &random) * pow(2, Double(exponent))
      let set = try #require(MultiplierSet(scales: [largest, largest / 700]))
      #expect(Requantizer.rightShifts.contains(set.rightShift))
      #expect(Requantizer.leftShifts.contains(set.leftShift))
      #expect(set.leftShift == 0 || set.rightShift == 1)
      #expect(abs(set.scale(of: 0) / largest - 1) < pow(2, -30))
      #expect(abs(set.scale(of: 1) / (largest / 700) - 1) < pow(2, -20))
    }
    #expect(MultiplierSet(scales: [32.1]) == nil)
    #expect(MultiplierSet(scales: [.nan]) == nil)
  }

  private func quantized(_ network: Network) throws(ExportError) -> QuantizedNetwork {
    let folded = try FoldedNetwork(simplifying: network)
    return try QuantizedNetwork(folded, folded.quantizations(of: network, by: .minMax))
  }

  /// One pixel of three channels into a dense layer of two.
  private func dense(_ weights: [Float], bias: [Float], range: Float = 4) throws -> Network {
    var network = try Network(text: "input 1x1x3\ndense 2")
    network.parameters["dense1.weight"] = Tensor(shape: [2, 1, 1, 3], values: weights)
    network.parameters["dense1.bias"] = Tensor(shape: [2], values: bias)
    network.activations["dense1"] = ActivationHistogram(
      minimum: -range, maximum: range, counts: [1, 1])
    return network
  }

  @Test(
    "Weights are symmetric per channel; a channel of zeros stays zero and takes the largest step")
  func weights() throws {
    let node = try quantized(dense([2, -1, 0.5, 0, 0, 0], bias: [0.5, 0.9])).nodes[1]
    #expect(node.weights == [127, -64, 32, 0, 0, 0])
    // The bias in steps of the sum, less the picture's zero point of -128 times the weights.
    let step = 2.0 / 127 / 255
    #expect(node.constants[0] == Int32((0.5 / step).rounded()) + 128 * (127 - 64 + 32))
    #expect(node.constants[2] == Int32((0.9 / step).rounded()))
    #expect(node.constants[1] == node.constants[3])
    #expect(node.accumulatorBound == Int(abs(node.constants[0])) + 128 * (127 + 64 + 32))
  }

  @Test("A sum that can pass 32 bits is refused with the layer's name")
  func bound() throws {
    let network = try dense([2, -1, 0.5, 1e-6, 0, 0], bias: [0, 3000])
    #expect(throws: ExportError.self) { try quantized(network) }
    do { _ = try quantized(network) } catch {
      guard case .accumulatorBound(let layer, let bound) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(layer == "dense1")
      #expect(bound > Int(Int32.max))
    }
  }

  @Test("What is not finite, missing or unobserved is refused with its name")
  func refusals() throws {
    #expect(throws: ExportError.notFinite(layer: "dense1")) {
      try quantized(dense([.nan, 0, 0, 0, 0, 0], bias: [0, 0]))
    }
    var unobserved = try dense([1, 0, 0, 0, 0, 0], bias: [0, 0])
    unobserved.activations = [:]
    #expect(throws: ExportError.missingActivations(layer: "dense1")) { try quantized(unobserved) }
    var missing = try dense([1, 0, 0, 0, 0, 0], bias: [0, 0])
    missing.parameters["dense1.bias"] = nil
    #expect(throws: ExportError.missingParameter("dense1.bias")) { try quantized(missing) }
  }

  @Test("A mapping holds 0 exactly, covers its range, and takes an empty one")
  func activations() {
    for (low, high) in [(-1.0, 3.0), (0.5, 2), (-4, -1), (0, 6), (-1e-9, 1e9)] {
      let mapping = ActivationQuantization(covering: low, high)
      #expect(mapping.real(mapping.zeroPoint) == 0)
      #expect(abs(mapping.real(127) - max(high, 0)) <= mapping.scale)
      #expect(abs(mapping.real(-128) - min(low, 0)) <= mapping.scale)
      #expect(mapping.quantized(1e12) == 127 && mapping.quantized(-1e12) == -128)
    }
    #expect(
      ActivationQuantization(covering: 0, 0) == ActivationQuantization(scale: 1, zeroPoint: -128))
  }

  @Test("Percentile leaves out tails, MSE is never worse than min-max")
  func methods() {
    var counts = [Float](repeating: 0, count: 100)
    for bin in 20..<40 { counts[bin] = 10_000 }
    counts[99] = 1
    let histogram = ActivationHistogram(minimum: -1, maximum: 9, counts: counts)
    let whole = RangeMethod.minMax.quantization(for: histogram, isRectified: false)
    #expect(abs(whole.scale - 10.0 / 255) < 1e-12)
    let percentile = RangeMethod.percentile.quantization(for: histogram, isRectified: false)
    #expect(abs(percentile.scale - 3.0 / 255) < 1e-6)
    let mse = RangeMethod.mse.quantization(for: histogram, isRectified: false)
    #expect(
      histogram.squaredError(of: mse, isRectified: false)
        <= histogram.squaredError(of: whole, isRectified: false))
    #expect(RangeMethod.minMax.quantization(for: histogram, isRectified: true).zeroPoint == -128)
  }
}
