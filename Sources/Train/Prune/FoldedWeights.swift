import Network

/// A layer's weights with the batch norm behind them multiplied in, as the device has them: only so do the sizes of two
/// channels compare.
struct FoldedWeights {
  let weights: ChannelWeights
  private let batchNorm: BatchNormPlace?

  /// The weights of layer `index`; nil for one without any.
  init?(_ index: Int, of network: Network, _ layout: ParameterLayout) {
    guard let weights = ChannelWeights(index, of: network, layout) else { return nil }
    self.weights = weights
    let readers = network.layers.filter { $0.inputs.contains(.layer(index)) }
    if let reader = readers.first, readers.count == 1, case .batchNorm = reader.operation {
      batchNorm = BatchNormPlace(reader.name, layout)
    } else {
      batchNorm = nil
    }
  }

  /// The squares of a channel's weights.
  func squares(of channel: Int, _ parameters: UnsafePointer<Float>) -> [Double] {
    let factor = batchNorm?.factor(of: channel, parameters) ?? 1
    return (0..<weights.count).map { index in
      let weight = Double(parameters[weights.place(channel, index)] * factor)
      return weight * weight
    }
  }
}
