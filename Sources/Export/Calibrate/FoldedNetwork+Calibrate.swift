import Network

extension FoldedNetwork {
  /// The mapping of each node's output, by `method`; without one from the ranges that the network was trained for.
  /// - Throws: `ExportError.missingActivations` where the network has no histogram for one, or no range if it was trained
  ///   for ranges.
  func quantizations(
    of network: Network, by method: RangeMethod?
  ) throws(ExportError) -> [ActivationQuantization] {
    var result: [ActivationQuantization] = []
    for index in nodes.indices {
      let source = mappingSource(of: index)
      switch nodes[source].operation {
      case .picture: result.append(.picture)
      case .softmax: result.append(.softmax)
      case .argmax: result.append(.index)
      default:
        let layer = network.layers[rangedLayer(source)].name
        guard
          let mapping = network.mapping(
            of: layer, by: method, isRectified: nodes[source].isRectified)
        else { throw .missingActivations(layer: layer) }
        result.append(mapping)
      }
    }
    return result
  }

  /// The layer whose range the mapping of a node's output follows from; the picture, or a layer that has none, where the
  /// mapping is always the same.
  func rangeName(of index: Int, in network: Network) -> String {
    let source = mappingSource(of: index)
    if case .picture = nodes[source].operation { return Quantization.picture }
    return network.layers[rangedLayer(source)].name
  }

  /// The layers whose ranges mappings follow from.
  var rangedLayers: Set<Int> {
    Set(
      nodes.indices.map(mappingSource).filter {
        switch nodes[$0].operation {
        case .picture, .softmax, .argmax: false
        default: true
        }
      }.map(rangedLayer))
  }

  /// The node whose mapping to int8 a node has: its own, or that of what keeps values or is put side by side.
  private func mappingSource(of index: Int) -> Int {
    if let target = nodes[index].mappedLike { return mappingSource(of: target) }
    return nodes[index].operation.keepsValues ? mappingSource(of: nodes[index].inputs[0]) : index
  }

  /// The layer that was observed for a node's output. One that took over the ReLU behind a max pool has that of the pool,
  /// which leaves out the smaller values.
  private func rangedLayer(_ index: Int) -> Int {
    nodes[index].observedLayer
      ?? consumers(of: index).lazy.compactMap { nodes[$0].observedLayer }.first ?? 0
  }
}

extension Network {
  /// How a layer's output maps to int8; nil where it wasn't observed.
  fileprivate func mapping(
    of layer: String, by method: RangeMethod?, isRectified: Bool
  ) -> ActivationQuantization? {
    guard let method else { return quantization?.ranges[layer]?.grid }
    return activations[layer].map { method.quantization(for: $0, isRectified: isRectified) }
  }
}
