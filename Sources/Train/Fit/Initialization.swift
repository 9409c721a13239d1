import Network

extension Network {
  /// The network with fresh parameters that follow from the seed: weights normally distributed with
  /// deviation `sqrt(2 / inputs)` (He and others, 2015) or, where no rectifier follows, `sqrt(1 /
  /// inputs)`; biases 0, batch norms neutral.
  public func initialized(seed: UInt64) -> Network {
    var network = self
    let graph = Graph(self)
    for (index, layer) in layers.enumerated() {
      for parameter in layer.operation.kind.parameters(for: inputShapes(of: layer)) {
        let name = "\(layer.name).\(parameter.name)"
        switch (layer.operation, parameter.name) {
        case (.batchNorm, "weight"), (.batchNorm, "running_variance"):
          network.parameters[name] = Tensor(shape: parameter.shape, repeating: 1)
        case (_, "weight"):
          let inputs = layer.operation.fanIn(parameter.shape)
          let gain: Float = isRectified(index, graph) ? 2 : 1
          let deviation = (gain / Float(inputs)).squareRoot()
          var random = SplitMix(seed: seed, RandomStream.weights, index)
          let values = (0..<parameter.count).map { _ in random.normal() * deviation }
          network.parameters[name] = Tensor(shape: parameter.shape, values: values)
        default:
          network.parameters[name] = Tensor(shape: parameter.shape, repeating: 0)
        }
      }
    }
    return network
  }

  /// Whether a rectifier reads a layer's output, perhaps through a batch norm or a pool.
  private func isRectified(_ index: Int, _ graph: Graph) -> Bool {
    graph.readers[index + 1].contains { reader in
      switch layers[reader].operation {
      case .relu, .activation(.relu6), .activation(.leakyReLU), .activation(.hardSwish): true
      case .batchNorm, .maxPool2D, .averagePool2D, .dropout, .pad, .concat, .upsample, .reshape,
        .globalMaxPool:
        isRectified(reader, graph)
      default: false
      }
    }
  }
}

extension Layer.Operation {
  /// The number of inputs that one output sums, given the weights' shape.
  fileprivate func fanIn(_ shape: [Int]) -> Int {
    if case .depthwiseConv2D = self { return shape[0] * shape[1] }
    return shape.dropFirst().reduce(1, *)
  }
}

/// The first number of each random stream's path: what it is for.
enum RandomStream {
  static let weights = 1
  static let order = 2
  static let picture = 3
  static let batch = 4
  static let noise = 5
  static let mix = 6
}
