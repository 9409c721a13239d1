import Network

extension FoldedNetwork {
  /// Folds a network.
  ///
  /// Batch norm is folded into the convolution or dense layer before it where nothing else reads that layer, and becomes a
  /// depthwise 1x1 convolution elsewhere; likewise a ReLU that can't be fused becomes a 1x1 average pool, which only
  /// saturates. A ReLU behind a max pool moves in front of it, which changes nothing: both keep order.
  /// - Throws: `ExportError.missingParameter` where the network lacks one.
  package init(simplifying network: Network) throws(ExportError) {
    var builder = Builder(network: network)
    for index in network.layers.indices { try builder.append(index) }
    nodes = builder.nodes
  }

  /// Takes in layers one after another.
  private struct Builder {
    let network: Network
    var nodes: [Node]
    /// The node that makes each layer's output.
    var nodeOfLayer: [Int] = []

    init(network: Network) {
      self.network = network
      nodes = [Node(name: "picture", operation: .picture, inputs: [], shape: network.input)]
    }

    mutating func append(_ index: Int) throws(ExportError) {
      let layer = network.layers[index]
      let inputs = layer.inputs.map { source in
        switch source {
        case .picture: 0
        case .layer(let earlier): nodeOfLayer[earlier]
        }
      }
      var node = Node(
        name: layer.name, operation: .add, inputs: inputs, shape: network.shapes[index],
        observedLayer: index)
      switch layer.operation {
      case .dropout:
        nodeOfLayer.append(inputs[0])
        return
      case .batchNorm:
        try appendBatchNorm(node, layer: index)
        return
      case .relu:
        appendReLU(node, layer: index)
        return
      case .conv2D(let conv):
        node.operation = .conv2D(conv)
        try takeParameters(&node, channels: conv.outputChannels, hasBias: conv.hasBias)
      case .depthwiseConv2D(let conv):
        node.operation = .depthwiseConv2D(conv.window)
        try takeParameters(&node, channels: node.shape.channels, hasBias: conv.hasBias)
      case .dense(let dense):
        node.operation = .dense
        try takeParameters(&node, channels: dense.outputs, hasBias: dense.hasBias)
      case .maxPool2D(let pool): node.operation = .maxPool2D(pool.window)
      case .averagePool2D(let pool): node.operation = .averagePool2D(pool.window)
      case .globalAveragePool: node.operation = .globalAveragePool
      case .add: node.operation = .add
      case .softmax: node.operation = .softmax
      }
      push(node)
    }

    private mutating func push(_ node: Node) {
      nodeOfLayer.append(nodes.count)
      nodes.append(node)
    }

    private func parameter(_ name: String) throws(ExportError) -> [Float] {
      guard let tensor = network.parameters[name] else { throw .missingParameter(name) }
      return tensor.values
    }

    private func takeParameters(
      _ node: inout Node, channels: Int, hasBias: Bool
    ) throws(ExportError) {
      node.weights = try parameter("\(node.name).weight")
      node.bias =
        hasBias ? try parameter("\(node.name).bias") : [Float](repeating: 0, count: channels)
    }

    /// Whether `layer` is the only reader of what node `index` makes, so that the node may be changed.
    private func isOnlyReader(_ layer: Int, of index: Int) -> Bool {
      guard index > 0 else { return false }
      let producers = nodeOfLayer.indices.filter { nodeOfLayer[$0] == index }
      let readers = network.layers.indices.filter { reader in
        network.layers[reader].inputs.contains { source in
          if case .layer(let earlier) = source { producers.contains(earlier) } else { false }
        }
          // A layer that the node already stands for, such as its folded batch norm, reads itself.
          && !producers.contains(reader)
      }
      return readers == [layer]
    }

    private mutating func appendBatchNorm(_ node: Node, layer: Int) throws(ExportError) {
      let weight = try parameter("\(node.name).weight")
      let bias = try parameter("\(node.name).bias")
      let mean = try parameter("\(node.name).running_mean")
      let variance = try parameter("\(node.name).running_variance")
      let factors = zip(weight, variance).map { $0 / ($1 + BatchNorm.epsilon).squareRoot() }
      let input = node.inputs[0]
      if isOnlyReader(layer, of: input), !nodes[input].isRectified, !nodes[input].weights.isEmpty {
        nodes[input].scaleOutputs(by: factors)
        for channel in factors.indices {
          nodes[input].bias[channel] =
            (nodes[input].bias[channel] - mean[channel]) * factors[channel] + bias[channel]
        }
        nodes[input].observedLayer = layer
        nodeOfLayer.append(input)
        return
      }
      var node = node
      node.operation = .depthwiseConv2D(Window(kernel: Size(1)))
      node.weights = factors
      node.bias = factors.indices.map { bias[$0] - mean[$0] * factors[$0] }
      push(node)
    }

    private mutating func appendReLU(_ node: Node, layer: Int) {
      let input = node.inputs[0]
      if isOnlyReader(layer, of: input), nodes[input].canRectify {
        nodes[input].isRectified = true
        nodes[input].observedLayer = layer
        nodeOfLayer.append(input)
        return
      }
      if case .maxPool2D = nodes[input].operation, isOnlyReader(layer, of: input) {
        let producer = nodes[input].inputs[0]
        let pools = nodes.indices.filter { nodes[$0].inputs.contains(producer) }
        if pools == [input], nodes[producer].canRectify,
          isOnlyReader(nodes[input].observedLayer ?? layer, of: producer)
        {
          nodes[producer].isRectified = true
          nodes[producer].observedLayer = nil
          nodes[input].observedLayer = layer
          nodeOfLayer.append(input)
          return
        }
      }
      var node = node
      node.operation = .averagePool2D(Window(kernel: Size(1)))
      node.isRectified = true
      push(node)
    }
  }
}

extension FoldedNetwork.Node {
  /// Whether a ReLU behind it can be fused: its sums are scaled to a zero point of its own.
  fileprivate var canRectify: Bool {
    switch operation {
    case .conv2D, .depthwiseConv2D, .dense, .averagePool2D, .globalAveragePool, .add: true
    case .picture, .maxPool2D, .softmax: false
    }
  }

  /// Multiplies each output channel's weights.
  fileprivate mutating func scaleOutputs(by factors: [Float]) {
    let isChannelLast = if case .depthwiseConv2D = operation { true } else { false }
    let run = weights.count / factors.count
    for index in weights.indices {
      weights[index] *= factors[isChannelLast ? index % factors.count : index / run]
    }
  }
}
