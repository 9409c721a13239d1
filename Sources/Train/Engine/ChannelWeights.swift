import Network

/// Where a layer's weights lie among all parameters, output channel by output channel.
struct ChannelWeights {
  /// The number of output channels.
  let channels: Int
  /// The number of weights of a channel.
  let count: Int
  private let offset: Int
  private let stride: Int
  private let channelStride: Int

  /// The weights of layer `index`; nil for one that has none with more than one axis.
  init?(_ index: Int, of network: Network, _ layout: ParameterLayout) {
    let layer = network.layers[index]
    let parameters = layer.operation.kind.parameters(for: network.inputShapes(of: layer))
    guard let offset = layout.offset(layer.name, "weight"), let weight = parameters.first,
      weight.shape.count > 1
    else { return nil }
    self.offset = offset
    channels = network.shapes[index].channels
    count = weight.count / channels
    let isChannelLast = if case .depthwiseConv2D = layer.operation { true } else { false }
    stride = isChannelLast ? channels : 1
    channelStride = isChannelLast ? 1 : count
  }

  /// The place of a channel's weight, in 0 ..< `count`.
  func place(_ channel: Int, _ index: Int) -> Int {
    offset + channel * channelStride + index * stride
  }
}
