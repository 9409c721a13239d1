/// The layout of a model file, version 1. `docs/format.md` specifies it byte by byte; this is the only place in
/// the code that knows an offset. All integers are little-endian.
///
///     header          24 bytes
///     records         28 bytes each; record 0 is the picture
///     blocks          the constants and weights of each record that has any, in order, each at a multiple of 4
///     sections        optional: kind (1 byte), length (3 bytes), bytes
package enum ModelFormat {
  /// `THMB`.
  package static let magic: UInt32 = 0x424D_4854
  package static let version: UInt8 = 1

  package static let headerByteCount = 24
  package static let recordByteCount = 28

  /// Byte offsets of the header's fields.
  package enum Header {
    package static let magic = 0
    package static let version = 4
    /// One bit for each rounding that a record names: bit n is `Rounding` n.
    package static let roundings = 5
    package static let recordCount = 6
    /// The `WeightLayout` of the records that are laid out.
    package static let layout = 7
    /// Bytes of the whole file.
    package static let length = 8
    /// CRC-32 of every byte of the file but these four.
    package static let checksum = 12
    package static let arenaByteCount = 16
    package static let weightRAMByteCount = 20
  }

  /// What a section holds.
  package enum Section: UInt8 {
    /// UTF-8 JSON for people and tools: labels, scales, provenance. The runtime does not read it.
    case metadata = 1
  }

  /// Bytes of a section's head: its kind and a length of 24 bits.
  package static let sectionHeadByteCount = 4

  /// No buffer, block or file may be larger (64 MiB): every product of sizes then fits 32 bits with room to spare.
  package static let byteCountLimit = 1 << 26

  /// Bytes of the walk's state at the start of the arena: a step count of two bytes and a demander of one for
  /// each record, up to a multiple of 4.
  package static func stateByteCount(recordCount: Int) -> Int { (3 * recordCount + 3) & ~3 }

  /// The most rows and columns that the window of a max pool has which takes over a convolution.
  package static let foldedPoolExtent = 2

  /// The largest number of channels that a softmax takes, so that its sums fit 32 bits.
  package static let softmaxChannelLimit = 256

  /// The largest number of channels whose index an int8 holds.
  package static let argmaxChannelLimit = 128
}
