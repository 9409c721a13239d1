import Network

/// Puts weights and biases on their grids before each batch: what layers compute with. Gradients by these go to the
/// parameters themselves, as if nothing had been rounded.
///
/// A grid is that of the weights as the device has them, batch norms' factors multiplied in; the layer computes with what
/// is left when those are taken out again.
final class WeightQuantizer: @unchecked Sendable {
  /// All parameters, weights and biases on their grids.
  let quantized: Memory<Float>
  /// How many bits each layer's numbers take, by its name, if it is to be known what a weight costs; nothing for those of a
  /// layer that isn't there.
  var codeLengths: [String: CodeLengths]?
  /// How many bits more a weight takes as it grows, by `codeLengths`; 0 for what has no grid.
  let prices: Memory<Float>
  private let parameters: UnsafePointer<Float>
  private let count: Int
  private let layers: [QuantizedLayer]
  /// Each layer and channel.
  private let jobs: [(layer: Int, channel: Int)]
  /// What each channel's numbers are multiplied by, in the order of the jobs.
  private let scales: Memory<Double>

  /// A quantizer of `network`, whose ranges of activations are in the order of the graph's quantized layers.
  init(
    _ quantization: Quantization, of network: Network, _ graph: Graph, _ layout: ParameterLayout,
    parameters: UnsafePointer<Float>, ranges: UnsafePointer<Float>
  ) {
    self.parameters = parameters
    count = layout.count
    quantized = Memory(count: layout.count.roundedUpToBorder)
    prices = Memory(count: layout.count.roundedUpToBorder)
    let places = Dictionary(
      uniqueKeysWithValues: graph.quantizedLayers.enumerated().map {
        (network.layers[$1].name, ranges + 2 * $0)
      })
    layers = quantization.weights.map { QuantizedLayer($0, of: network, layout, ranges: places) }
    jobs = layers.enumerated().flatMap { index, layer in
      (0..<layer.channels).map { (layer: index, channel: $0) }
    }
    scales = Memory(count: jobs.count)
  }

  /// Takes the parameters and ranges as they are now.
  func quantize(_ workers: Workers) {
    quantized.start.update(from: parameters, count: count)
    workers.run(jobs.count) { [self] job, _ in
      let (layer, channel) = jobs[job]
      scales.start[job] = layers[layer].quantizeWeights(
        of: channel, parameters, into: quantized.start,
        price: codeLengths.map { ($0[layers[layer].name] ?? .free, prices.start) })
    }
    var first = 0
    for layer in layers {
      layer.quantizeBiases(scales: scales.start + first, parameters, into: quantized.start)
      first += layer.channels
    }
  }
}
