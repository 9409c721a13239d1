/// A float network on disk: a safetensors file that any reader of the format opens.
///
/// Tensors are the network's parameters by name and, for each layer whose activations were
/// recorded, `LAYER.activation_range` (smallest and largest value) and `LAYER.activation_histogram`
/// (counts); of a network that was trained for grids also `LAYER.quantized_range`. The metadata holds `network`, the
/// network's text, `quantization` where there is one, and whatever else says how it was made.
public struct Checkpoint: Sendable, Equatable {
  /// With all its parameters.
  public var network: Network
  /// How it was made: free entries, all but `network` and `quantization`.
  public var metadata: [String: String]

  private static let textKey = "network"
  private static let rangeSuffix = ".activation_range"
  private static let histogramSuffix = ".activation_histogram"

  /// Creates a checkpoint.
  public init(network: Network, metadata: [String: String] = [:]) {
    self.network = network
    self.metadata = metadata
  }

  /// The file. The same checkpoint always gives the same bytes.
  public var bytes: [UInt8] {
    var tensors = network.parameters
    for (layer, histogram) in network.activations {
      tensors[layer + Self.rangeSuffix] = Tensor(
        shape: [2], values: [histogram.minimum, histogram.maximum])
      tensors[layer + Self.histogramSuffix] = Tensor(
        shape: [histogram.counts.count], values: histogram.counts)
    }
    tensors.merge(network.quantization?.tensors ?? [:]) { $1 }
    var metadata = metadata
    metadata[Self.textKey] = network.text
    metadata[Quantization.key] = network.quantization?.text
    return Safetensors(tensors: tensors, metadata: metadata).bytes
  }

  /// Reads a file, and checks all of it.
  /// - Throws: `CheckpointError` that says which tensor, what was expected and what was found.
  public init(bytes: [UInt8]) throws(CheckpointError) {
    let file = try Safetensors(bytes: bytes)
    metadata = file.metadata
    guard let text = metadata.removeValue(forKey: Self.textKey) else {
      throw .missingMetadata(Self.textKey)
    }
    network = try Network(checkpointText: text)
    var expected = network.parameterShapes.map { (name: $0.name, shape: $0.parameter.shape) }
    for layer in network.layers {
      let range = layer.name + Self.rangeSuffix
      let histogram = layer.name + Self.histogramSuffix
      guard file.tensors[range] != nil || file.tensors[histogram] != nil else { continue }
      expected.append((name: range, shape: [2]))
      expected.append((name: histogram, shape: [ActivationHistogram.binCount]))
    }
    let isQuantized = metadata.removeValue(forKey: Quantization.key) != nil
    if isQuantized { expected += Quantization.tensorShapes(in: file, of: network) }
    try file.check(against: expected)
    network.quantization = try Quantization.read(from: file, of: network)
    for (name, _) in network.parameterShapes { network.parameters[name] = file.tensors[name] }
    for layer in network.layers {
      guard let range = file.tensors[layer.name + Self.rangeSuffix],
        let histogram = file.tensors[layer.name + Self.histogramSuffix]
      else { continue }
      guard range.values[0] <= range.values[1] else {
        throw .histogram(layer.name, expected: "a minimum that is not above the maximum")
      }
      guard histogram.values.allSatisfy({ $0 >= 0 }), histogram.values.contains(where: { $0 > 0 })
      else { throw .histogram(layer.name, expected: "counts from 0, not all of them 0") }
      network.activations[layer.name] = ActivationHistogram(
        minimum: range.values[0], maximum: range.values[1], counts: histogram.values)
    }
  }
}

extension Network {
  /// Reads the network text of a checkpoint's metadata.
  package init(checkpointText text: String) throws(CheckpointError) {
    do throws(NetworkTextError) {
      try self.init(text: text)
    } catch { throw .metadata("network", reason: "\(error)") }
  }
}
