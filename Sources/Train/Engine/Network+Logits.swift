import Network

extension Network {
  /// The value, as `Graph` numbers them, that labels are told by: the output, or what a softmax or an argmax at the end reads.
  var logits: Int {
    var value = layers.count
    while value > 0, layers[value - 1].operation.tellsLabels {
      value = layers[value - 1].inputs[0].value
    }
    return value
  }

  /// Its shape.
  package var logitsShape: Shape { logits == 0 ? input : shapes[logits - 1] }

  /// The layers between the logits and the output, which the loss stands for in training.
  var layersBehindLogits: Set<Int> {
    var layers: Set<Int> = []
    var value = self.layers.count
    while value != logits {
      layers.insert(value - 1)
      value = self.layers[value - 1].inputs[0].value
    }
    return layers
  }
}

extension Layer.Operation {
  /// Whether it only says again which channel is the largest.
  fileprivate var tellsLabels: Bool {
    switch self {
    case .softmax, .argmax: true
    default: false
    }
  }
}
