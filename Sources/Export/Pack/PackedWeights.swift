import TinyRuntime

/// How weights may be stored.
public enum EncodingChoice: String, CaseIterable, Sendable {
  /// `raw`, which takes no RAM, unless only `deflate` brings the file under the flash budget.
  case auto
  /// Used in place.
  case raw
  /// Unpacked once into RAM.
  case deflate
}

/// The weights of one node as the file holds them.
struct PackedWeights {
  let encoding: Encoding
  /// The stored bytes, without the head of a packed stream.
  let bytes: [UInt8]
  /// Bytes of the unpacked weights.
  let weightCount: Int

  /// Packs weights; `raw` is kept where packing gains nothing.
  init(_ weights: [Int8], with encoding: Encoding) {
    weightCount = weights.count
    if encoding == .deflate {
      let stream = Deflate.compressed(weights)
      if stream.count + StoredWeights.packedHeadByteCount < weights.count {
        self.encoding = .deflate
        bytes = stream
        return
      }
    }
    self.encoding = .raw
    bytes = weights.map(UInt8.init(bitPattern:))
  }

  /// Bytes that the weights take in the file.
  var storedByteCount: Int {
    bytes.count + (encoding == .raw ? 0 : StoredWeights.packedHeadByteCount)
  }
}
