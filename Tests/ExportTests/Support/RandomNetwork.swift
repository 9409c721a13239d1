import Network
import Train

@testable import Export

/// Networks drawn from a seed: awkward extents, kernels, strides, groups, both paddings, every op.
enum RandomNetwork {
  /// A network text whose shapes fit.
  static func text(seed: UInt64) -> String {
    var random = SplitMix(seed: seed)
    func pick<Element>(_ choices: [Element]) -> Element { choices.randomElement(using: &random)! }
    var shape = Shape(
      height: pick([1, 2, 5, 7, 8, 9, 13]), width: pick([1, 3, 4, 7, 9, 12]),
      channels: pick([1, 2, 3, 5]))
    var lines = ["input \(shape)"]
    func append(_ line: String) -> Bool {
      guard let network = try? Network(text: (lines + [line]).joined(separator: "\n")) else {
        return false
      }
      lines.append(line)
      shape = network.output
      return true
    }
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let kernel = "\(pick([1, 2, 3, 3, 5]))x\(pick([1, 2, 3, 3, 4]))"
      let stride = "stride=\(pick([1, 1, 2, 3]))x\(pick([1, 1, 2]))"
      let padding = "padding=\(pick(["valid", "same", "same"]))"
      switch Int.random(in: 0..<8, using: &random) {
      case 0, 1, 2:
        let groups = pick([1, 1, shape.channels])
        _ = append(
          "conv \(kernel) \(groups * pick([1, 2, 3, 4])) \(stride) \(padding) groups=\(groups)")
      case 3: _ = append("depthwise \(kernel) \(stride) \(padding)")
      case 4: _ = append("maxpool \(pick(["2x2", "3x2", "1x3"])) \(stride)")
      case 5: _ = append("avgpool \(pick(["2x2", "3x3", "2x1"]))")
      case 6: _ = append("batchnorm")
      default:
        // A residual: the same shape comes back and is added.
        let name = "trunk\(lines.count)"
        if append("\(name): conv 1x1 \(shape.channels)") {
          _ = append("conv 3x3 \(shape.channels) padding=same")
          _ = append("add \(name)")
        }
      }
      // Behind a convolution its windows, which don't overlap, make the pool take that over.
      if Int.random(in: 0..<3, using: &random) == 0 {
        _ = append("maxpool \(pick(["2x2", "2x1", "1x2 stride=2x2"]))")
      }
      if Bool.random(using: &random) { _ = append("relu") }
    }
    switch Int.random(in: 0..<4, using: &random) {
    case 0: _ = append("globalavgpool")
    case 1: break
    default: _ = append("dense \(pick([1, 3, 10]))")
    }
    if Bool.random(using: &random) { _ = append("softmax") }
    if lines.count == 1 { _ = append("conv 1x1 3") }
    return lines.joined(separator: "\n")
  }

  /// Such a network with weights and recorded activations; the next one where seeded weights leave a layer dead, which the
  /// exporter refuses.
  static func network(seed: UInt64) throws -> Network {
    let network = try Network(text: text(seed: seed)).untrained(seed: seed)
    let folded = try FoldedNetwork(simplifying: network)
    for method in RangeMethod.allCases {
      do throws(ExportError) {
        _ = try QuantizedNetwork(folded, folded.quantizations(of: network, by: method))
      } catch { return try self.network(seed: seed + 1_000) }
    }
    return network
  }
}

/// Pictures of noise and what a network makes of them.
func noiseSamples(of network: Network, count: Int, seed: UInt64) throws -> [Sample] {
  let pictures = Dataset.noise(shape: network.input, count: count, seed: seed)
  var samples = (0..<count).map { index in
    Sample(
      pixels: pictures.withPicture(at: index) { Array($0) },
      activations: [[Float]](repeating: [], count: network.layers.count))
  }
  try network.forEachActivation(of: pictures, at: 0..<count) { layer, picture, values in
    samples[picture].activations[layer] = Array(values)
  }
  return samples
}
