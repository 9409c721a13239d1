/// Reads bits from the low end of each byte on, as RFC 1951 packs them.
struct BitReader {
  private var next: Int
  private let end: Int
  private var buffer: UInt32 = 0
  private var bufferedCount = 0

  /// A reader of the bytes `range` of the file that each call hands in.
  init(_ range: Range<Int>) {
    next = range.lowerBound
    end = range.upperBound
  }

  /// The next `count` bits, at most 16, the first of them lowest.
  mutating func take(_ count: Int, _ file: RawSpan) throws(StreamError) -> Int {
    while bufferedCount < count {
      guard next < end else { throw .truncated }
      buffer |= UInt32(file.byte(at: next)) &<< UInt32(truncatingIfNeeded: bufferedCount)
      next &+= 1
      bufferedCount &+= 8
    }
    let shift = UInt32(truncatingIfNeeded: count)
    let bits = buffer & (1 &<< shift &- 1)
    buffer &>>= shift
    bufferedCount &-= count
    return Int(truncatingIfNeeded: bits)
  }

  /// The next bit.
  @inline(always)
  mutating func takeBit(_ file: RawSpan) throws(StreamError) -> Int {
    if bufferedCount == 0 {
      guard next < end else { throw .truncated }
      buffer = UInt32(file.byte(at: next))
      next &+= 1
      bufferedCount = 8
    }
    let bit = buffer & 1
    buffer &>>= 1
    bufferedCount &-= 1
    return Int(truncatingIfNeeded: bit)
  }

  /// Drops the rest of a byte that was begun.
  mutating func discardToByte() {
    buffer &>>= UInt32(truncatingIfNeeded: bufferedCount & 7)
    bufferedCount &-= bufferedCount & 7
  }

  /// Whether nothing but the rest of the last byte is left.
  var isAtEnd: Bool { next == end && bufferedCount < 8 }
}
