import Network
import TinyRuntime

extension QuantizedNetwork.Node {
  /// Quantizes weights and biases: without a zero point, a scale for each output channel; the bias in steps of the sum, the
  /// input's zero point folded in.
  /// - Parameters:
  ///   - node: holds them in float.
  ///   - input: of what they are multiplied with.
  ///   - isChannelLast: whether the output channel is the innermost index of the weights, not the outermost.
  /// - Throws: `ExportError` where one is not finite, or sums can pass 32 bits.
  mutating func takeWeights(
    _ node: FoldedNetwork.Node, input: ActivationQuantization, isChannelLast: Bool
  ) throws(ExportError) {
    let channels = node.shape.channels
    let run = node.weights.count / channels
    guard node.weights.allSatisfy(\.isFinite), node.bias.allSatisfy(\.isFinite) else {
      throw .notFinite(layer: node.name)
    }
    func position(_ channel: Int, _ index: Int) -> Int {
      isChannelLast ? index * channels + channel : channel * run + index
    }
    let quantized = (0..<channels).map { channel in
      grid.quantized((0..<run).map { Double(node.weights[position(channel, $0)]) })
    }
    // So that sums need no left shift: packed weights have none, and not all kernels do.
    let scales = WeightGrid.filled(quantized.map(\.scale))
    let largest = scales.max() ?? 1
    record.weightShift = grid.shift(largestScale: input.scale * largest / quantization.scale)
    weights = [Int8](repeating: 0, count: node.weights.count)
    var sumScales: [Double] = []
    var biases: [Int32] = []
    for channel in 0..<channels {
      let scale = scales[channel] / Double(1 << record.weightShift)
      let numbers = quantized[channel].numbers.map { $0 << record.weightShift }
      for (index, number) in numbers.enumerated() {
        weights[position(channel, index)] = Int8(number)
      }
      let sum = numbers.reduce(0, +)
      let magnitude = numbers.reduce(0) { $0 + abs($1) }
      sumScales.append(input.scale * scale)
      let bias = (Double(node.bias[channel]) / (input.scale * scale)).rounded()
      let folded = bias - Double(Int(input.zeroPoint) * sum)
      let bound = abs(folded) + Double(128 * magnitude)
      guard bound <= Double(Int32.max) else {
        throw .accumulatorBound(
          layer: node.name, bound: Int(min(bound, 0x1p62)))
      }
      accumulatorBound = max(accumulatorBound, Int(bound))
      biases.append(Int32(folded))
    }
    try takeMultipliers(sumScales.map { $0 / quantization.scale }, biases, layer: node.name)
  }

  /// An average: the bias takes away the zero points, the multiplier holds the division.
  mutating func takeAverage(
    _ node: FoldedNetwork.Node, of count: Int, input: ActivationQuantization
  ) throws(ExportError) {
    accumulatorBound = 256 * count
    guard accumulatorBound <= Int32.max else {
      throw .accumulatorBound(layer: node.name, bound: accumulatorBound)
    }
    try takeMultipliers(
      [input.scale / (quantization.scale * Double(count))],
      [Int32(-Int(input.zeroPoint) * count)], layer: node.name)
  }

  /// A product of two: one multiplier for all channels.
  mutating func takeProduct(
    _ node: FoldedNetwork.Node, of first: ActivationQuantization, _ second: ActivationQuantization
  ) throws(ExportError) {
    accumulatorBound = 255 * 255
    let scale = first.scale * second.scale / quantization.scale
    try takeMultipliers([scale], [0], layer: node.name)
    constants.removeFirst()
  }

  private mutating func takeMultipliers(
    _ scales: [Double], _ biases: [Int32], layer: String
  ) throws(ExportError) {
    guard let set = MultiplierSet(scales: scales) else {
      throw .unsupported(
        layer: layer,
        why: "its output range is too small beside its weights (a step of the sum is "
          + "\(scales.max() ?? 0) steps of the output; at most 32 is possible)")
    }
    let shifted = accumulatorBound << set.leftShift
    guard shifted <= Int32.max else { throw .accumulatorBound(layer: layer, bound: shifted) }
    record.leftShift = set.leftShift
    record.rightShift = set.rightShift
    constants = zip(biases, set.multipliers).flatMap { [$0, $1] }
    scaleError = scales.indices.lazy.map { abs(set.scale(of: $0) - scales[$0]) / scales[$0] }.max()!
  }
}
