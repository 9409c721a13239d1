import Network

/// Where a layer's weights and biases lie, and those of the batch norms that are folded into them.
struct QuantizedLayer: @unchecked Sendable {
  let name: String
  let channels: Int
  private let grid: WeightGrid
  /// None for a batch norm that nothing takes in: its factor is its only weight.
  private let weights: ChannelWeights?
  private let bias: Int?
  private let batchNorms: [BatchNormPlace]
  private let isPictureRead: Bool
  /// The ends of the input's and of the output's range, where they have one.
  private let input: UnsafePointer<Float>?
  private let output: UnsafePointer<Float>?

  init(
    _ weights: Quantization.Weights, of network: Network, _ layout: ParameterLayout,
    ranges: [String: UnsafePointer<Float>]
  ) {
    guard let index = network.layers.firstIndex(where: { $0.name == weights.layer }) else {
      preconditionFailure("the network has a layer \(weights.layer)")
    }
    name = weights.layer
    grid = weights.grid
    channels = network.shapes[index].channels
    self.weights = ChannelWeights(index, of: network, layout)
    bias = self.weights == nil ? nil : layout.offset(weights.layer, "bias")
    batchNorms = weights.batchNorms.map { BatchNormPlace($0, layout) }
    isPictureRead = weights.input == Quantization.picture
    input = ranges[weights.input]
    output = ranges[weights.output]
  }

  /// Writes a channel's weights.
  /// - Parameters:
  ///   - channel: which.
  ///   - parameters: what is put on the grid.
  ///   - quantized: takes them.
  ///   - price: takes how many bits more the code of the layer's numbers gets as each weight grows, if it is asked for.
  /// - Returns: what the channel's numbers are multiplied by on the device; 0 for a channel of zeros.
  func quantizeWeights(
    of channel: Int, _ parameters: UnsafePointer<Float>,
    into quantized: UnsafeMutablePointer<Float>, price: (CodeLengths, UnsafeMutablePointer<Float>)?
  ) -> Double {
    let folded = foldedWeights(of: channel, parameters)
    // A run that went astray finds its own end.
    guard folded.allSatisfy(\.isFinite) else { return 1 }
    let fit = grid.fit(folded)
    guard let weights else { return fit.scale }
    let product = Double(batchNorms.reduce(1) { $0 * $1.factor(of: channel, parameters) })
    // What a factor of 0 takes away can be anything.
    let unfolded = product == 0 ? 0 : fit.scale / product
    for (index, weight) in folded.enumerated() {
      quantized[weights.place(channel, index)] = Float(
        unfolded * Double(grid.number(for: weight, fit)))
    }
    if let (lengths, prices) = price {
      let slopes = folded.map { lengths.slope(at: $0 / fit.step) }
      // The step grows with the weights: growing all alike changes no number.
      let square = folded.reduce(0) { $0 + $1 * $1 }
      let radial = square > 0 ? zip(slopes, folded).reduce(0) { $0 + $1.0 * $1.1 } / square : 0
      for (index, weight) in folded.enumerated() {
        prices[weights.place(channel, index)] = Float(
          (slopes[index] - radial * weight) * product / fit.step)
      }
    }
    return fit.scale
  }

  /// A channel's weights as the device has them, but for their grid.
  private func foldedWeights(of channel: Int, _ parameters: UnsafePointer<Float>) -> [Double] {
    let factors = batchNorms.map { $0.factor(of: channel, parameters) }
    // One after another, as the exporter folds them.
    let fold = { (weight: Float) in Double(factors.reduce(weight, *)) }
    guard let weights else { return [fold(1)] }
    return (0..<weights.count).map { fold(parameters[weights.place(channel, $0)]) }
  }

  /// Writes the biases, the last batch norm's where there are any: so that what is left of all when they are folded is a
  /// whole number of steps of the sum.
  /// - Parameters:
  ///   - scales: of each channel's numbers.
  ///   - parameters: what is put on the grid.
  ///   - quantized: takes them.
  func quantizeBiases(
    scales: UnsafePointer<Double>, _ parameters: UnsafePointer<Float>,
    into quantized: UnsafeMutablePointer<Float>
  ) {
    guard let target = batchNorms.last?.bias ?? bias, let output,
      let inputGrid = isPictureRead ? .picture : input.map(Self.grid)
    else { return }
    let scales = WeightGrid.filled(UnsafeBufferPointer(start: scales, count: channels))
    let largest = scales.max() ?? 1
    let shift = grid.shift(
      largestScale: inputGrid.scale * largest / Self.grid(output).scale)
    for channel in 0..<channels {
      var folded = bias.map { parameters[$0 + channel] } ?? 0
      for norm in batchNorms {
        folded =
          (folded - parameters[norm.mean + channel]) * norm.factor(of: channel, parameters)
          + parameters[norm.bias + channel]
      }
      let step = inputGrid.scale * (scales[channel] / Double(1 << shift))
      let error = (Double(folded) / step).rounded() * step - Double(folded)
      quantized[target + channel] += Float(error)
    }
  }

  private static func grid(_ range: UnsafePointer<Float>) -> ActivationQuantization {
    ActivationRange(range[0], range[1]).grid
  }
}
