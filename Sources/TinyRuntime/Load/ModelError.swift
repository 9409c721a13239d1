#if hasFeature(Embedded)
  /// Why bytes are not a model file this runtime can run. On a device that is kept in a bit, whether the version is to blame: what was
  /// found and where would be a tenth of the code, and `thimble inspect` says it.
  public struct ModelError: Error, Equatable, Sendable {
    let isVersion: Bool

    private init(isVersion: Bool = false) { self.isVersion = isVersion }

    static var misaligned: Self { Self() }
    static func truncated(needed: Int, found: Int) -> Self { Self() }
    static func magic(found: UInt32) -> Self { Self() }
    static func version(found: UInt8) -> Self { Self(isVersion: true) }
    static func length(declared: Int, found: Int) -> Self { Self() }
    static func checksum(declared: UInt32, found: UInt32) -> Self { Self() }
    static func layout(found: UInt8, native: UInt8) -> Self { Self() }
    static func header(_: HeaderField, found: Int, allowed: ClosedRange<Int>) -> Self { Self() }
    static func record(
      _: Int, _: RecordField, found: Int, allowed: ClosedRange<Int>
    ) -> Self { Self() }
    static func blockEnd(record: Int, start: Int, byteCount: Int, found: Int) -> Self { Self() }
    static func section(offset: Int) -> Self { Self() }
    static func ring(record: Int, input: Int, row: Int) -> Self { Self() }
    static func stream(record: Int, _: StreamError) -> Self { Self() }
    static func weightCode(record: Int, offset: Int) -> Self { Self() }
    static func memory(needed: Int, found: Int) -> Self { Self() }
  }
#else
  /// Why bytes are not a model file this runtime can run. Each case says where, what was declared, and what was
  /// found or is allowed.
  public enum ModelError: Error, Equatable, Sendable {
    /// The bytes do not begin at a multiple of 4.
    case misaligned
    /// The bytes end before the header and its records do.
    case truncated(needed: Int, found: Int)
    /// The first four bytes, little-endian, are not `THMB`.
    case magic(found: UInt32)
    /// The version, at byte 4, is not 1.
    case version(found: UInt8)
    /// The length declared at byte 8 is not the number of bytes there are.
    case length(declared: Int, found: Int)
    /// The CRC-32 declared at byte 12 is not that of the bytes.
    case checksum(declared: UInt32, found: UInt32)
    /// The order of weights, at byte 7, is one that this build has no kernels for: neither plain nor `native`.
    case layout(found: UInt8, native: UInt8)
    /// A header field outside what is allowed.
    case header(HeaderField, found: Int, allowed: ClosedRange<Int>)
    /// A record's field outside what is allowed by its op and by the record it reads.
    case record(Int, RecordField, found: Int, allowed: ClosedRange<Int>)
    /// `byteCount` bytes at `start` of a record's block run past the end of the file.
    case blockEnd(record: Int, start: Int, byteCount: Int, found: Int)
    /// The section that begins at `offset` is of an unknown kind or runs past the end of the file.
    case section(offset: Int)
    /// An edge's ring is too small for the order in which rows are made: `row` was gone, or not there, when the
    /// record needed it.
    case ring(record: Int, input: Int, row: Int)
    /// A record's DEFLATE stream breaks the format, or doesn't unpack to exactly its weights.
    case stream(record: Int, StreamError)
    /// Among the four bytes of packed weights at `offset` is one that stands for none.
    case weightCode(record: Int, offset: Int)
    /// Less memory than the model needs.
    case memory(needed: Int, found: Int)

    /// Whether the version is to blame.
    var isVersion: Bool {
      if case .version = self { true } else { false }
    }
  }
#endif

extension ModelError {
  /// The header's fields.
  public enum HeaderField: Sendable {
    case roundings, recordCount, arena, weightRAM
  }

  /// A record's fields.
  public enum RecordField: Sendable {
    case code, rounding, encoding, input, secondInput, groups, height, width, channels, ringHeight,
      offset
    case inputChannels, kernelHeight, kernelWidth, stride, dilation, padding, margin, zeroPoint,
      shift, blockOffset, weightRAMOffset, layout, multiplier, unused
  }
}

/// What is wrong with a DEFLATE stream.
public enum StreamError: Error, Equatable, Sendable {
  /// The stream ends before its last block does.
  case truncated
  /// A block of the reserved type.
  case blockType
  /// A stored block whose length and its complement disagree.
  case storedLength
  /// Code lengths that are no prefix code, or repeat what isn't there.
  case codeLengths
  /// A bit pattern that stands for nothing.
  case symbol
  /// A copy from before the start.
  case distance
  /// More bytes than the weights have, or fewer, or bytes left over in the stream.
  case byteCount
}
