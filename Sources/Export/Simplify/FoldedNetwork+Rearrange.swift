import Network

// Layers that only move values: most of them disappear.
extension FoldedNetwork.Builder {
  /// The most rows or columns of padding that a record can say.
  private static var paddingLimit: Int { 15 }

  /// The padding of a layer's window, with the zeros of a `pad` that it reads.
  func padding(of window: Window, _ layer: Layer) -> Window.Margins {
    let margins = window.margins(for: network.inputShapes(of: layer)[0])
    guard case .layer(let input) = layer.inputs[0], let pad = foldedPads[input] else {
      return margins
    }
    return margins + pad
  }

  /// Padding becomes part of the windows that read it. Where something else reads it, too, it is a 1x1 max pool, which
  /// copies, with padding.
  mutating func appendPad(_ node: FoldedNetwork.Node, _ margins: Window.Margins, layer index: Int) {
    let readers = layers(reading: index)
    let isFolded =
      !readers.isEmpty
      && readers.allSatisfy { reader in
        let layer = network.layers[reader]
        guard let window = layer.operation.window else { return false }
        let all = window.margins(for: network.inputShapes(of: layer)[0]) + margins
        return max(all.top, all.bottom, all.left, all.right) <= Self.paddingLimit
      }
    if isFolded {
      foldedPads[index] = margins
      nodeOfLayer.append(node.inputs[0])
      return
    }
    var node = node
    node.operation = .maxPool2D(Window(kernel: Size(1)))
    node.padding = margins
    push(node)
  }

  /// A reshape that changes nothing, or that only dense layers read, which don't look at the shape, is left out.
  mutating func appendReshape(_ node: FoldedNetwork.Node, layer index: Int) {
    if nodes[node.inputs[0]].shape == node.shape || isReadFlat(index) {
      nodeOfLayer.append(node.inputs[0])
      return
    }
    var node = node
    node.operation = .reshape
    push(node)
  }

  private func isReadFlat(_ index: Int) -> Bool {
    let readers = layers(reading: index)
    return !readers.isEmpty
      && readers.allSatisfy { reader in
        switch network.layers[reader].operation {
        case .dense: true
        case .dropout, .reshape: isReadFlat(reader)
        default: false
        }
      }
  }

  /// The largest of each row, then of those: so the picture need not lie whole in memory.
  mutating func appendGlobalMaxPool(_ node: FoldedNetwork.Node, layer index: Int) {
    let input = network.inputShapes(of: network.layers[index])[0]
    var node = node
    var kernel = Size(height: input.height, width: input.width)
    if input.height > 1, input.width > 1 {
      nodes.append(
        FoldedNetwork.Node(
          name: "\(node.name).rows",
          operation: .maxPool2D(Window(kernel: Size(height: 1, width: input.width))),
          inputs: node.inputs,
          shape: Shape(height: input.height, width: 1, channels: input.channels)))
      node.inputs = [nodes.count - 1]
      kernel.width = 1
    }
    node.operation = .maxPool2D(Window(kernel: kernel))
    push(node)
  }

  /// A concatenation copies, so its inputs need its mapping to int8. What scales sums anyway scales them to that mapping;
  /// in front of anything else comes a table.
  mutating func appendConcat(_ node: FoldedNetwork.Node, layer index: Int) {
    var node = node
    node.operation = .concat
    node.isRectified = node.inputs.allSatisfy(isRectified)
    for (position, input) in node.inputs.enumerated()
    where !canTakeMapping(input, by: index, isRectified: node.isRectified) {
      nodes.append(
        FoldedNetwork.Node(
          name: "\(node.name).\(position + 1)", operation: .table(nil), inputs: [input],
          shape: nodes[input].shape))
      node.inputs[position] = nodes.count - 1
    }
    for input in node.inputs { take(mappingOf: nodes.count, input) }
    push(node)
  }

  /// Whether all of a node's values are 0 or more because of a ReLU.
  private func isRectified(_ index: Int) -> Bool {
    let node = nodes[index]
    return node.isRectified || node.operation.keepsValues && isRectified(node.inputs[0])
  }

  /// Whether a node that `layer` reads may have the mapping of what `layer` makes. A mapping that has negative values
  /// would undo a ReLU.
  private func canTakeMapping(_ index: Int, by layer: Int, isRectified: Bool) -> Bool {
    let node = nodes[index]
    guard isOnlyReader(layer, of: index) else { return false }
    switch node.operation {
    case .picture, .softmax, .argmax: return false
    case .maxPool2D, .reshape, .upsample:
      guard let reader = node.observedLayer, nodeOfLayer[reader] == index else { return false }
      return canTakeMapping(node.inputs[0], by: reader, isRectified: isRectified)
    default: return isRectified || !node.isRectified
    }
  }

  private mutating func take(mappingOf target: Int, _ index: Int) {
    nodes[index].mappedLike = target
    if nodes[index].operation.keepsValues { take(mappingOf: target, nodes[index].inputs[0]) }
  }

  private func layers(reading index: Int) -> [Int] {
    network.layers.indices.filter { network.layers[$0].inputs.contains(.layer(index)) }
  }
}

extension Layer.Operation {
  /// The window of a layer that has one.
  fileprivate var window: Window? {
    switch self {
    case .conv2D(let kind): kind.window
    case .depthwiseConv2D(let kind): kind.window
    case .maxPool2D(let kind): kind.window
    case .averagePool2D(let kind): kind.window
    default: nil
    }
  }
}

extension Window.Margins {
  fileprivate static func + (first: Self, second: Self) -> Self {
    Self(
      top: first.top + second.top, bottom: first.bottom + second.bottom,
      left: first.left + second.left, right: first.right + second.right)
  }
}
