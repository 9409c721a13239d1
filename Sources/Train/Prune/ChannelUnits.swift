import Network

/// Every channel that can be taken out of a network, as large as the weights that make it.
struct ChannelUnits: PruningUnits {
  private let groups: [ChannelGroups.Group]
  /// The numbers of the units that begin in the same layer, layer by layer.
  private let layers: [[Int]]
  private let weights: [FoldedWeights?]
  private let layout: ParameterLayout

  init(_ network: Network, _ layout: ParameterLayout) {
    groups = ChannelGroups(network).groups
    layers = groups.indices.chunked { [groups] in groups[$0].channels.first?.layer }
    weights = network.layers.indices.map { FoldedWeights($0, of: network, layout) }
    self.layout = layout
  }

  /// Whether all channels have to stay.
  var isEmpty: Bool { groups.isEmpty }

  func squares(_ parameters: UnsafePointer<Float>) -> [[Double]] {
    layers.map { $0.map { square(of: groups[$0], parameters) } }
  }

  private func square(
    of group: ChannelGroups.Group, _ parameters: UnsafePointer<Float>
  ) -> Double {
    group.channels.reduce(0) { sum, channel in
      let squares = weights[channel.layer]?.squares(of: channel.channel, parameters) ?? []
      return squares.reduce(sum, +)
    }
  }

  func places(of unit: Int) -> [Int] { groups[unit].parameters.flatMap { $0.places(in: layout) } }
}

extension Range<Int> {
  /// Runs of equal keys.
  fileprivate func chunked<Key: Equatable>(by key: (Int) -> Key) -> [[Int]] {
    reduce(into: []) { runs, index in
      if let last = runs.last?.last, key(last) == key(index) {
        runs[runs.count - 1].append(index)
      } else {
        runs.append([index])
      }
    }
  }
}
