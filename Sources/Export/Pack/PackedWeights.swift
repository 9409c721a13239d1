import TinyRuntime

/// How weights may be stored.
public enum EncodingChoice: String, CaseIterable, Sendable {
  /// The smallest that takes no weight RAM, unless only `deflate` brings the file under the flash budget.
  case auto
  /// A byte each, used in place.
  case raw
  /// As many bits as the weights have, used in place; a byte each where that is no larger.
  case packed
  /// Unpacked once into RAM, where that makes the file smaller.
  case deflate
}

/// The weights of one node as the file holds them.
struct PackedWeights {
  let encoding: Encoding
  /// The stored bytes, without the head of a DEFLATE stream.
  let bytes: [UInt8]
  /// Bytes of the unpacked weights.
  let weightCount: Int

  /// Packs weights; `raw` is kept where packing gains nothing.
  /// - Parameters:
  ///   - weights: in the order of the file, each one that the encoding has a code for.
  ///   - encoding: how.
  ///   - shift: how far packed weights are shifted to the left.
  ///   - unpacked: what kernels read of them, if that isn't the weights themselves.
  init(_ weights: [Int8], with encoding: Encoding, shift: Int = 0, unpacked: [Int8]? = nil) {
    let unpacked = unpacked ?? weights
    weightCount = unpacked.count
    var stored: [UInt8]?
    var headByteCount = 0
    if encoding == .deflate {
      stored = Deflate.compressed(unpacked)
      headByteCount = StoredWeights.packedHeadByteCount
    } else if encoding.isPacked {
      stored = PackedGroups(encoding.rawValue).packed(weights, shift: shift)
    }
    if let stored, stored.count + headByteCount < unpacked.count {
      self.encoding = encoding
      bytes = stored
    } else {
      self.encoding = .raw
      bytes = unpacked.map(UInt8.init(bitPattern:))
    }
  }

  /// Bytes that the weights take in the file.
  var storedByteCount: Int {
    bytes.count + (encoding == .deflate ? StoredWeights.packedHeadByteCount : 0)
  }
}
