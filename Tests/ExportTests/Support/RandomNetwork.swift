import Network
import Testing
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
      channels: pick([1, 2, 3, 4, 5]))
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
      // Small pictures would be all padding under a window with gaps.
      let dilation = "dilation=\(min(shape.height, shape.width) > 3 ? pick([1, 1, 2, 3]) : 1)"
      switch Int.random(in: 0..<17, using: &random) {
      case 0, 1, 2:
        let groups = pick([1, 1, shape.channels])
        _ = append(
          "conv \(kernel) \(groups * pick([1, 2, 3, 4])) \(stride) \(padding) \(dilation) groups=\(groups)"
        )
      case 3:
        if Bool.random(using: &random) { _ = append("conv 1x1 4") }
        _ = append("depthwise \(kernel) \(stride) \(padding) \(dilation)")
      case 4: _ = append("maxpool \(pick(["2x2", "3x2", "1x3"])) \(stride)")
      case 5: _ = append("avgpool \(pick(["2x2", "3x3", "2x1"]))")
      case 6: _ = append("batchnorm")
      case 7, 8:
        // A residual: the same shape comes back and is added.
        let name = "trunk\(lines.count)"
        if append("\(name): conv 1x1 \(shape.channels)") {
          _ = append("conv 3x3 \(shape.channels) padding=same")
          _ = append("\(pick(["add", "multiply"])) \(name)")
        }
      case 9, 10:
        // Branches that scale for the concatenation, or can't, or end in one of their own.
        let name = "branch\(lines.count)"
        if append("\(name): conv 1x1 \(pick([1, 3, 4]))") {
          if Bool.random(using: &random) { _ = append("relu") }
          let middle = "branch\(lines.count)"
          let from = pick(["", "from=\(name)", "from=input"])
          guard append("\(middle): \(pick(["conv 1x1 2", "depthwise 1x1", "tanh"])) \(from)")
          else { break }
          if Bool.random(using: &random) { _ = append("relu") }
          _ = append("concat \(name)")
          if Bool.random(using: &random) { _ = append("concat \(middle)") }
        }
      case 11:
        let (top, bottom) = (pick([0, 1, 2]), pick([0, 1, 3]))
        let (left, right) = (pick([0, 1, 2]), pick([0, 1, 2]))
        let margins = [("top", top), ("bottom", bottom), ("left", left), ("right", right)]
        let options = margins.filter { $0.1 > 0 }.map { "\($0.0)=\($0.1)" }
        _ = append("pad \(options.joined(separator: " "))")
      case 12: _ = append("upsample \(pick(["2x2", "1x3", "3x1"]))")
      case 13:
        let sides = (1...shape.count).filter { shape.count % $0 == 0 }
        let height = pick(sides)
        let width = pick(sides.filter { shape.count / height % $0 == 0 })
        _ = append("reshape \(height)x\(width)x\(shape.count / height / width)")
      case 14:
        if shape.height > 4, shape.width > 4, append("conv 1x1 \(pick([4, 8]))") {
          _ = append("depthwise \(pick(["3x3", "2x3"])) \(padding) dilation=2")
        }
      default: _ = append(pick(["relu6", "leakyrelu 0.1", "sigmoid", "tanh", "hardswish"]))
      }
      // Behind a convolution its windows, which don't overlap, make the pool take that over.
      if Int.random(in: 0..<3, using: &random) == 0 {
        _ = append("maxpool \(pick(["2x2", "2x1", "1x2 stride=2x2"]))")
      }
      if Bool.random(using: &random) { _ = append("relu") }
    }
    switch Int.random(in: 0..<7, using: &random) {
    case 0: _ = append("globalavgpool")
    case 1: _ = append("globalmaxpool")
    case 2: break
    case 3:
      _ = append("flatten")
      _ = append("dense \(pick([1, 3, 10]))")
    case 4: _ = append("flatten")
    default: _ = append("dense \(pick([1, 3, 10]))")
    }
    switch Int.random(in: 0..<4, using: &random) {
    case 0: _ = append("argmax")
    case 1: break
    default: _ = append("softmax")
    }
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

extension Network {
  /// The network with grids for all layers, one drawn for each, and ranges as wide as what its pictures reached.
  func onDrawnGrids(seed: UInt64) throws -> Network {
    var random = SplitMix(seed: seed)
    var choice = GridChoice(.int8)
    for layer in layers {
      switch layer.operation {
      case .conv2D, .depthwiseConv2D, .dense:
        choice.exceptions[layer.name] = WeightGrid.allCases.randomElement(using: &random)
      default: break
      }
    }
    var network = self
    var quantization = try Quantization(of: self, choosing: choice)
    for layer in quantization.ranges.keys {
      let seen = try #require(activations[layer])
      quantization.ranges[layer] = ActivationRange(seen.minimum, seen.maximum)
    }
    network.quantization = quantization
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
