// How a quantization is written down: in metadata a line for each layer with weights, `LAYER GRID INPUT OUTPUT
// BATCHNORM...`; in tensors `LAYER.quantized_range`, the smallest and the largest value that the grid of the layer's output covers.
extension Quantization {
  /// The metadata entry.
  package static let key = "quantization"
  private static let suffix = ".quantized_range"

  /// The metadata entry's value.
  package var text: String {
    weights.map {
      ([$0.layer, $0.grid.rawValue, $0.input, $0.output] + $0.batchNorms).joined(separator: " ")
    }.joined(separator: "\n")
  }

  /// The ranges as tensors by name.
  package var tensors: [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for (layer, range) in ranges {
      tensors[layer + Self.suffix] = Tensor(shape: [2], values: [range.low, range.high])
    }
    return tensors
  }

  /// The tensors of a file that hold ranges of a network's layers, their names begun with `prefix`.
  package static func tensorShapes(
    in file: Safetensors, of network: Network, prefix: String = ""
  ) -> [(name: String, shape: [Int])] {
    network.layers.map { prefix + $0.name + suffix }.filter { file.tensors[$0] != nil }
      .map { (name: $0, shape: [2]) }
  }

  /// Reads what a file says; nil where it says nothing. The tensors' shapes were checked.
  /// - Throws: `CheckpointError` where it doesn't fit the network.
  package static func read(
    from file: Safetensors, of network: Network, prefix: String = ""
  ) throws(CheckpointError) -> Quantization? {
    guard let text = file.metadata[key] else { return nil }
    var quantization = Quantization(weights: [], ranges: [:])
    for line in text.split(separator: "\n") {
      quantization.weights.append(try Weights(line: String(line), of: network))
    }
    for layer in network.layers {
      guard let tensor = file.tensors[prefix + layer.name + suffix] else { continue }
      let (low, high) = (tensor.values[0], tensor.values[1])
      guard low <= 0, high >= 0 else {
        throw .metadata(
          key, reason: "the range of \(layer.name) must hold 0, found \(low) ... \(high)")
      }
      quantization.ranges[layer.name] = ActivationRange(low, high)
    }
    return quantization
  }
}

extension Quantization.Weights {
  fileprivate init(line: String, of network: Network) throws(CheckpointError) {
    let words = line.split(separator: " ").map(String.init)
    guard words.count >= 4, let grid = WeightGrid(rawValue: words[1]) else {
      throw .metadata(
        Quantization.key, reason: "expected LAYER GRID INPUT OUTPUT BATCHNORM..., found '\(line)'")
    }
    func layer(_ name: String) throws(CheckpointError) -> Layer {
      guard let layer = network.layers.first(where: { $0.name == name }) else {
        throw .metadata(Quantization.key, reason: "the network has no layer \(name)")
      }
      return layer
    }
    guard try layer(words[0]).operation.isScaled else {
      throw .metadata(Quantization.key, reason: "layer \(words[0]) has no weights to quantize")
    }
    for name in words[2...3] where name != Quantization.picture { _ = try layer(name) }
    self.init(
      layer: words[0], grid: grid, input: words[2], output: words[3],
      batchNorms: Array(words.dropFirst(4)))
    let channels = network.channels(of: words[0])
    for name in batchNorms {
      guard case .batchNorm = try layer(name).operation, network.channels(of: name) == channels
      else {
        throw .metadata(
          Quantization.key, reason: "\(name) is no batch norm that fits behind \(words[0])")
      }
    }
  }
}

extension Network {
  fileprivate func channels(of layer: String) -> Int? {
    layers.firstIndex { $0.name == layer }.map { shapes[$0].channels }
  }
}

extension Layer.Operation {
  /// Whether sums of products with weights make its output.
  package var hasWeights: Bool {
    switch self {
    case .conv2D, .depthwiseConv2D, .dense: true
    default: false
    }
  }

  /// Whether the device multiplies its input with weights: a batch norm does where it can't be folded.
  package var isScaled: Bool {
    if case .batchNorm = self { true } else { hasWeights }
  }
}
