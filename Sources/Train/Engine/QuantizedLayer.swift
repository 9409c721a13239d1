import Network

/// Where a layer's weights and biases lie, and those of the batch norms that are folded into them.
struct QuantizedLayer: @unchecked Sendable {
  let channels: Int
  private let grid: WeightGrid
  /// None for a batch norm that nothing takes in: its factor is its only weight.
  private let weight: Int?
  private let bias: Int?
  /// The number of weights of a channel, and the distances from one to the next and from a channel to the next.
  private let run: Int
  private let stride: Int
  private let channelStride: Int
  private let batchNorms: [BatchNormPlace]
  private let isPictureRead: Bool
  /// The ends of the input's and of the output's range, where they have one.
  private let input: UnsafePointer<Float>?
  private let output: UnsafePointer<Float>?

  private struct BatchNormPlace {
    var weight: Int
    var bias: Int
    var mean: Int
    var variance: Int
  }

  init(
    _ weights: Quantization.Weights, of network: Network, _ layout: ParameterLayout,
    ranges: [String: UnsafePointer<Float>]
  ) {
    func offset(_ layer: String, _ name: String) -> Int {
      guard let offset = layout.offset(layer, name) else {
        preconditionFailure("layer \(layer) has a parameter \(name)")
      }
      return offset
    }
    guard let index = network.layers.firstIndex(where: { $0.name == weights.layer }) else {
      preconditionFailure("the network has a layer \(weights.layer)")
    }
    let layer = network.layers[index]
    grid = weights.grid
    channels = network.shapes[index].channels
    if case .batchNorm = layer.operation {
      (weight, bias, run) = (nil, nil, 1)
    } else {
      weight = offset(layer.name, "weight")
      bias = layout.offset(layer.name, "bias")
      let shape = layer.operation.kind.parameters(for: network.inputShapes(of: layer))[0]
      run = shape.count / channels
    }
    let isChannelLast = if case .depthwiseConv2D = layer.operation { true } else { false }
    stride = isChannelLast ? channels : 1
    channelStride = isChannelLast ? 1 : run
    batchNorms = weights.batchNorms.map {
      BatchNormPlace(
        weight: offset($0, "weight"), bias: offset($0, "bias"), mean: offset($0, "running_mean"),
        variance: offset($0, "running_variance"))
    }
    isPictureRead = weights.input == Quantization.picture
    input = ranges[weights.input]
    output = ranges[weights.output]
  }

  /// Writes a channel's weights.
  /// - Returns: what its numbers are multiplied by on the device; 0 for a channel of zeros.
  func quantizeWeights(
    of channel: Int, _ parameters: UnsafePointer<Float>, into quantized: UnsafeMutablePointer<Float>
  ) -> Double {
    let factors = batchNorms.map { factor(of: channel, $0, parameters) }
    let first = weight.map { $0 + channel * channelStride }
    let weights = (0..<run).map { index in
      // One after another, as they are folded.
      Double(factors.reduce(first.map { parameters[$0 + index * stride] } ?? 1, *))
    }
    // A run that went astray finds its own end.
    guard weights.allSatisfy(\.isFinite) else { return 1 }
    let (scale, numbers) = grid.quantized(weights)
    guard let first else { return scale }
    let product = factors.reduce(1, *)
    // What a factor of 0 takes away can be anything.
    let unfolded = product == 0 ? 0 : scale / Double(product)
    for (index, number) in numbers.enumerated() {
      quantized[first + index * stride] = Float(unfolded * Double(number))
    }
    return scale
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
          (folded - parameters[norm.mean + channel]) * factor(of: channel, norm, parameters)
          + parameters[norm.bias + channel]
      }
      let step = inputGrid.scale * (scales[channel] / Double(1 << shift))
      let error = (Double(folded) / step).rounded() * step - Double(folded)
      quantized[target + channel] += Float(error)
    }
  }

  private func factor(
    of channel: Int, _ norm: BatchNormPlace, _ parameters: UnsafePointer<Float>
  ) -> Float {
    BatchNorm.factor(
      weight: parameters[norm.weight + channel], variance: parameters[norm.variance + channel])
  }

  private static func grid(_ range: UnsafePointer<Float>) -> ActivationQuantization {
    ActivationRange(range[0], range[1]).grid
  }
}
