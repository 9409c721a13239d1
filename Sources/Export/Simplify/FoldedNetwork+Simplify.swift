import Network

extension FoldedNetwork {
  /// Folds a network.
  ///
  /// Batch norm is folded into the convolution or dense layer before it where nothing else reads that layer, and becomes a
  /// depthwise 1x1 convolution elsewhere; likewise a ReLU that can't be fused becomes a 1x1 average pool, which only
  /// saturates. A ReLU behind a max pool moves in front of it, which changes nothing: both keep order. A ReLU6 is a ReLU: its
  /// outputs were observed, so that their mapping ends at 6 or before. `FoldedNetwork+Rearrange.swift` has what becomes
  /// of padding, reshapes and concatenations.
  /// - Throws: `ExportError.missingParameter` where the network lacks one.
  package init(simplifying network: Network) throws(ExportError) {
    var builder = Builder(network: network)
    for index in network.layers.indices { try builder.append(index) }
    nodes = builder.nodes
    dropUnread()
  }

  /// Removes what the output doesn't depend on.
  private mutating func dropUnread() {
    var isRead = [Bool](repeating: false, count: nodes.count)
    isRead[0] = true
    isRead[nodes.count - 1] = true
    for index in nodes.indices.reversed() where isRead[index] {
      for input in nodes[index].inputs { isRead[input] = true }
    }
    let places = nodes.indices.map { index in isRead[..<index].count { $0 } }
    nodes = nodes.indices.filter { isRead[$0] }.map { index in
      var node = nodes[index]
      node.inputs = node.inputs.map { places[$0] }
      node.mappedLike = node.mappedLike.map { places[$0] }
      return node
    }
  }

  /// Takes in layers one after another.
  struct Builder {
    let network: Network
    var nodes: [Node]
    /// The node that makes each layer's output.
    var nodeOfLayer: [Int] = []
    /// The zeros of each `pad` layer whose readers take them into their own padding.
    var foldedPads: [Int: Window.Margins] = [:]

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
      case .relu, .activation(.relu6):
        appendReLU(node, layer: index)
        return
      case .pad(let pad):
        appendPad(node, pad.margins, layer: index)
        return
      case .reshape:
        appendReshape(node, layer: index)
        return
      case .concat:
        appendConcat(node, layer: index)
        return
      case .globalMaxPool:
        appendGlobalMaxPool(node, layer: index)
        return
      case .conv2D(let conv):
        node.operation = .conv2D(conv)
        node.padding = padding(of: conv.window, layer)
        try takeParameters(&node, channels: conv.outputChannels, hasBias: conv.hasBias)
      case .depthwiseConv2D(let conv):
        node.operation = .depthwiseConv2D(conv.window)
        node.padding = padding(of: conv.window, layer)
        try takeParameters(&node, channels: node.shape.channels, hasBias: conv.hasBias)
      case .dense(let dense):
        node.operation = .dense
        try takeParameters(&node, channels: dense.outputs, hasBias: dense.hasBias)
      case .maxPool2D(let pool):
        node.operation = .maxPool2D(pool.window)
        node.padding = padding(of: pool.window, layer)
      case .averagePool2D(let pool):
        node.operation = .averagePool2D(pool.window)
        node.padding = padding(of: pool.window, layer)
      case .globalAveragePool: node.operation = .globalAveragePool
      case .add: node.operation = .add
      case .multiply: node.operation = .multiply
      case .softmax: node.operation = .softmax
      case .activation(let function): node.operation = .table(function)
      case .upsample(let upsample): node.operation = .upsample(upsample.factors)
      case .argmax: node.operation = .argmax
      }
      push(node)
    }

    mutating func push(_ node: Node) {
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
    func isOnlyReader(_ layer: Int, of index: Int) -> Bool {
      index > 0 && readers(of: index) == [layer]
    }

    /// The layers that read what node `index` makes.
    func readers(of index: Int) -> [Int] {
      let producers = nodeOfLayer.indices.filter { nodeOfLayer[$0] == index }
      return network.layers.indices.filter { reader in
        network.layers[reader].inputs.contains { source in
          if case .layer(let earlier) = source { producers.contains(earlier) } else { false }
        }
          // A layer that the node already stands for, such as its folded batch norm, reads itself.
          && !producers.contains(reader)
      }
    }

    private mutating func appendBatchNorm(_ node: Node, layer: Int) throws(ExportError) {
      let weight = try parameter("\(node.name).weight")
      let bias = try parameter("\(node.name).bias")
      let mean = try parameter("\(node.name).running_mean")
      let variance = try parameter("\(node.name).running_variance")
      let factors = zip(weight, variance).map { BatchNorm.factor(weight: $0, variance: $1) }
      let input = node.inputs[0]
      if isOnlyReader(layer, of: input), !nodes[input].isRectified, !nodes[input].weights.isEmpty {
        nodes[input].scaleOutputs(by: factors)
        for channel in factors.indices {
          nodes[input].bias[channel] =
            (nodes[input].bias[channel] - mean[channel]) * factors[channel] + bias[channel]
        }
        nodes[input].batchNorms.append(node.name)
        nodes[input].observedLayer = layer
        nodeOfLayer.append(input)
        return
      }
      var node = node
      node.operation = .depthwiseConv2D(Window(kernel: Size(1)))
      node.weights = factors
      node.bias = factors.indices.map { bias[$0] - mean[$0] * factors[$0] }
      node.batchNorms = [node.name]
      push(node)
    }

    private mutating func appendReLU(_ node: Node, layer: Int) {
      let input = node.inputs[0]
      if isOnlyReader(layer, of: input), nodes[input].canRectify {
        nodes[input].isRectified = true
        nodes[input].observedLayer = layer
        // What is put side by side is saturated where it is made.
        for part in nodes.indices where nodes[part].mappedLike == input {
          nodes[part].observedLayer = nil
        }
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
    case .conv2D, .depthwiseConv2D, .dense, .averagePool2D, .globalAveragePool, .add, .multiply,
      .concat, .table:
      true
    case .picture, .maxPool2D, .softmax, .reshape, .upsample, .argmax: false
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
