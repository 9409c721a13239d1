import Network

/// Every weight of convolutions and dense layers by itself.
struct WeightUnits: PruningUnits {
  private let layers: [FoldedWeights]
  /// Of each unit.
  private let places: [Int]

  init(_ network: Network, _ layout: ParameterLayout) {
    layers = network.layers.indices.compactMap { FoldedWeights($0, of: network, layout) }
    places = layers.flatMap { layer in
      (0..<layer.weights.channels).flatMap { channel in
        (0..<layer.weights.count).map { layer.weights.place(channel, $0) }
      }
    }
  }

  func squares(_ parameters: UnsafePointer<Float>) -> [[Double]] {
    layers.map { layer in
      (0..<layer.weights.channels).flatMap { layer.squares(of: $0, parameters) }
    }
  }

  func places(of unit: Int) -> [Int] { [places[unit]] }
}
