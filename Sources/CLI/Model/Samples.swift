import Export
import Network
import Train

extension Network {
  /// The number of pictures that the exporter measures itself on.
  static let sampleCount = 64

  /// The pictures at these positions of `dataset`, and what the network makes of them.
  func samples(of dataset: Dataset, at positions: some Collection<Int>) throws -> [Sample] {
    var samples = positions.map { position in
      Sample(
        pixels: dataset.withPicture(at: position) { Array($0) },
        activations: [[Float]](repeating: [], count: layers.count))
    }
    // Each picture's layers come in order, from the first.
    var index = -1
    try forEachActivation(of: dataset, at: positions) { layer, _, values in
      if layer == 0 { index += 1 }
      samples[index].activations[layer] = Array(values)
    }
    return samples
  }
}

extension Dataset {
  /// At most `count` positions, spread evenly over the set.
  func spreadPositions(_ count: Int) -> [Int] {
    let count = min(count, self.count)
    return (0..<count).map { $0 * self.count / count }
  }
}
