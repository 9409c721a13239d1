import Network

extension FoldedNetwork {
  /// The mapping of each node's output, by `method`.
  /// - Throws: `ExportError.missingActivations` where the network has no histogram for one.
  func quantizations(
    of network: Network, by method: RangeMethod
  ) throws(ExportError) -> [ActivationQuantization] {
    var result: [ActivationQuantization] = []
    for (index, node) in nodes.enumerated() {
      switch node.operation {
      case .picture: result.append(.picture)
      case .softmax: result.append(.softmax)
      case .argmax: result.append(.index)
      case let operation where operation.keepsValues: result.append(result[node.inputs[0]])
      default:
        let layer = network.layers[node.observedLayer ?? observedBehindPool(index)].name
        guard let histogram = network.activations[layer] else {
          throw .missingActivations(layer: layer)
        }
        result.append(
          method.quantization(for: histogram, isRectified: node.isRectified))
      }
    }
    // Later nodes first: a concatenation may itself be part of another.
    for index in nodes.indices.reversed() {
      if let target = nodes[index].mappedLike { result[index] = result[target] }
    }
    return result
  }

  /// The layer observed by the only reader of a node that took over the ReLU behind a max pool, or that scales for a
  /// concatenation. Where the pool leaves values out, they are the smaller ones.
  private func observedBehindPool(_ index: Int) -> Int {
    consumers(of: index).lazy.compactMap { nodes[$0].observedLayer }.first ?? 0
  }
}
