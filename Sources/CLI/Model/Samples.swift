import Export
import Network
import Train

extension Network {
  /// The number of pictures that the exporter measures itself on.
  static let sampleCount = 64

  /// Pictures spread evenly over `dataset`, and what the network makes of them.
  func samples(of dataset: Dataset, count: Int) throws -> [Sample] {
    let count = min(count, dataset.count)
    let positions = (0..<count).map { $0 * dataset.count / count }
    var samples = positions.map { position in
      Sample(
        pixels: dataset.withPicture(at: position) { Array($0) },
        activations: [[Float]](repeating: [], count: layers.count))
    }
    var index = -1
    var last: Int?
    try forEachActivation(of: dataset, at: positions) { layer, position, values in
      if position != last || layer == 0 {
        index += 1
        last = position
      }
      samples[index].activations[layer] = Array(values)
    }
    return samples
  }
}
