import TinyRuntime

/// The weights of a network, packed the ways that a file may have them.
struct WeightPacking {
  /// Used where they lie.
  let inPlace: [PackedWeights]
  /// Unpacked into RAM, where that makes the file smaller.
  let compressed: [PackedWeights]

  /// Packs each node's weights.
  /// - Parameters:
  ///   - network: has them.
  ///   - packs: whether weights of less than 8 bits take less than a byte in place.
  init(_ network: QuantizedNetwork, packs: Bool) {
    inPlace = network.nodes.map {
      let isPacked = packs && $0.record.leftShift == 0
      return PackedWeights(
        $0.weights, with: isPacked ? $0.grid.encoding : .raw, shift: $0.record.weightShift)
    }
    compressed = zip(network.nodes, inPlace).map { node, inPlace in
      let deflated = PackedWeights(node.weights, with: .deflate)
      return deflated.storedByteCount < inPlace.storedByteCount ? deflated : inPlace
    }
  }

  /// What compression saves.
  var balance: DeflateBalance { DeflateBalance(inPlace: inPlace, compressed: compressed) }
}
