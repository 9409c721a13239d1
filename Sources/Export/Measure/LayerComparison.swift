import Foundation
import Network
import TinyRuntime

/// How far a model file departs from the float network it came from, layer by layer.
public struct LayerComparison {
  /// One step of the model beside the layer whose output it makes.
  public struct Layer: Sendable {
    /// The step's name.
    public let name: String
    /// Signal to quantization noise over all values of all pictures, in dB: 10 log10(sum x^2 / sum error^2). Infinite
    /// without any error.
    public let sqnr: Double
    /// The share of values at -128 or 127 that stand for a float outside what int8 covers.
    public let saturated: Double
    /// The largest distance of a value from its float, in the float's units.
    public let maximumError: Double
    /// The picture with the largest squared error.
    public let worstPicture: Int
  }

  private let model: HostModel
  private let folded: FoldedNetwork
  private let quantizations: [ActivationQuantization]
  private var sums: [ErrorSum]
  private var pictureCount = 0

  /// Below this a layer counts as departing: half as many good bits as int8 has.
  public static let departure = 24.0

  /// The first layer below `departure` dB.
  public var firstDeparture: Layer? { layers.first { $0.sqnr < Self.departure } }

  /// A comparison that has seen no picture yet.
  /// - Parameters:
  ///   - model: made from `folded`.
  ///   - folded: the network it was made from, simplified.
  ///   - quantizations: of each step's output.
  package init(
    of model: HostModel, _ folded: FoldedNetwork, _ quantizations: [ActivationQuantization]
  ) {
    self.model = model
    self.folded = folded
    self.quantizations = quantizations
    sums = [ErrorSum](repeating: ErrorSum(), count: folded.nodes.count)
  }

  /// A comparison of a model file with the network it was exported from, which has seen no picture yet.
  /// - Throws: `ExportError` where the network is not the one that the file was made from.
  public init(
    of model: HostModel, with network: Network
  ) throws(ExportError) {
    let folded = try FoldedNetwork(simplifying: network)
    let isSame =
      folded.nodes.count == model.records.count
      && zip(folded.nodes, model.records).allSatisfy { node, record in
        node.operation.code == record.op && node.shape.height == record.height
          && node.shape.width == record.width && node.shape.channels == record.channels
      }
    guard isSame, let metadata = model.metadata, metadata.scales.count == folded.nodes.count else {
      throw .otherNetwork(expected: folded.nodes.count, found: model.records.count)
    }
    let quantizations = zip(model.records, metadata.scales).map {
      ActivationQuantization(scale: Double($1), zeroPoint: $0.zeroPoint)
    }
    self.init(of: model, folded, quantizations)
  }

  /// Runs samples through the model and adds up their errors. Pictures are counted over all calls.
  public mutating func add(_ samples: [Sample]) {
    for sample in samples {
      for index in sums.indices { sums[index].begin(pictureCount) }
      pictureCount += 1
      var position = [Int](repeating: 0, count: folded.nodes.count)
      let input = sample.pixels.map { Int8(bitPattern: $0 ^ 0x80) }
      _ = model.run(input) { index, _, row in
        guard index > 0, let layer = folded.nodes[index].observedLayer else { return }
        let floats = sample.activations[layer]
        for element in 0..<row.count {
          sums[index].add(
            row[element], quantizations[index], Double(floats[position[index] + element]))
        }
        position[index] += row.count
      }
      for index in sums.indices { sums[index].end() }
    }
  }

  /// The steps that can be compared, in their order: those that the network has as a layer and whose output is stored.
  public var layers: [Layer] {
    folded.nodes.indices.compactMap { index in
      guard index > 0, folded.nodes[index].observedLayer != nil, !model.records[index].isFolded
      else { return nil }
      return sums[index].layer(named: folded.nodes[index].name)
    }
  }

  /// Mean squared error of the outputs' real values.
  public var outputError: Double { sums[sums.count - 1].meanSquaredError }
}

/// The errors of one layer.
private struct ErrorSum {
  private var signal = 0.0
  private var noise = 0.0
  private var count = 0
  private var saturatedCount = 0
  private var maximum = 0.0
  private var picture = 0
  private var pictureNoise = 0.0
  private var worst = (picture: 0, noise: -1.0)

  mutating func begin(_ picture: Int) {
    self.picture = picture
    pictureNoise = 0
  }

  mutating func end() {
    if pictureNoise > worst.noise { worst = (picture, pictureNoise) }
  }

  mutating func add(_ value: Int8, _ quantization: ActivationQuantization, _ float: Double) {
    let error = quantization.real(value) - float
    signal += float * float
    noise += error * error
    pictureNoise += error * error
    maximum = max(maximum, abs(error))
    count += 1
    // Beyond half a step past the end, int8 has no value for it. Below -128 a ReLU's zeros don't count.
    if value == 127 && error < -quantization.scale / 2
      || value == -128 && error > quantization.scale / 2
    {
      saturatedCount += 1
    }
  }

  var meanSquaredError: Double { noise / Double(max(count, 1)) }

  func layer(named name: String) -> LayerComparison.Layer {
    LayerComparison.Layer(
      name: name, sqnr: noise > 0 ? 10 * log10(signal / noise) : .infinity,
      saturated: Double(saturatedCount) / Double(max(count, 1)), maximumError: maximum,
      worstPicture: worst.picture)
  }
}
