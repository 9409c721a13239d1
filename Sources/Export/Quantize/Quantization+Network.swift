import Network

extension Quantization {
  /// Where a network is put on grids for the device, and on which: the grids chosen for weights, and ranges that are still
  /// empty for activations. It follows from the layers alone, not from parameters.
  /// - Throws: `ExportError` where the choice names a layer that doesn't exist or has no weights.
  public init(of network: Network, choosing choice: GridChoice) throws(ExportError) {
    for name in choice.exceptions.keys.sorted() {
      guard let layer = network.layers.first(where: { $0.name == name }) else {
        throw .unknownLayer(
          name, nearest: Words.nearest(to: name, in: network.layers.map(\.name)))
      }
      guard layer.operation.hasWeights else { throw .noWeights(layer: name) }
    }
    var neutral = network
    for (name, parameter) in network.parameterShapes {
      neutral.parameters[name] = Tensor(shape: parameter.shape, repeating: 0)
    }
    let folded = try FoldedNetwork(simplifying: neutral)
    let weights = folded.nodes.indices.filter { !folded.nodes[$0].weights.isEmpty }.map {
      let node = folded.nodes[$0]
      return Weights(
        layer: node.name, grid: choice.grid(of: node.name),
        input: folded.rangeName(of: node.inputs[0], in: network),
        output: folded.rangeName(of: $0, in: network), batchNorms: node.batchNorms)
    }
    let ranges = folded.rangedLayers.map { (network.layers[$0].name, ActivationRange(0, 0)) }
    self.init(weights: weights, ranges: Dictionary(uniqueKeysWithValues: ranges))
  }
}

extension Network {
  /// What the weights of a layer become: what they were trained for, or else `choice`, or 8 bits.
  func grid(of layer: String, choosing choice: WeightGrid?) -> WeightGrid {
    quantization.map { $0.grid(of: layer) ?? .int8 } ?? choice ?? .int8
  }

  /// Checks that a choice of grids is not another than what the network was trained for.
  func check(_ choice: WeightGrid?) throws(ExportError) {
    guard let choice, let quantization else { return }
    for weights in quantization.weights where weights.grid != choice {
      throw .otherGrid(layer: weights.layer, trained: weights.grid, chosen: choice)
    }
  }
}
