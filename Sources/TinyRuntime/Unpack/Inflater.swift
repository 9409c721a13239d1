/// Unpacks a raw DEFLATE stream (RFC 1951) into memory of exactly the right size. The output is the window, the
/// tables are the caller's, so nothing else is needed.
package struct Inflater {
  /// Code lengths while a block's head is read, then for each of two codes how many symbols each length has and
  /// the symbols in the order of their codes, all 16 bits.
  package static let tableByteCount = 2 * (lengthsCount + literals.count + distances.count)

  private static let lengthsCount = 320
  private static let literals = CanonicalCode(start: 320, symbolLimit: 288)
  private static let distances = CanonicalCode(start: 320 + 16 + 288, symbolLimit: 32)

  private var bits: BitReader
  /// How much of the output is written.
  private var written = 0

  private init(_ bits: BitReader) { self.bits = bits }

  /// Unpacks the bytes `range` of `file` into all of `output`.
  /// - Parameters:
  ///   - file: holds the stream.
  ///   - range: where.
  ///   - output: exactly as long as what the stream unpacks to.
  ///   - tables: at least `tableByteCount / 2` elements, whose contents don't matter.
  /// - Throws: `StreamError`.
  package static func inflate(
    _ file: RawSpan, _ range: Range<Int>, into output: inout MutableSpan<UInt8>,
    tables: inout MutableSpan<UInt16>
  ) throws(StreamError) {
    var inflater = Inflater(BitReader(range))
    var isLast = false
    while !isLast {
      isLast = try inflater.bits.take(1, file) == 1
      var (literalCount, distanceCount) = (288, 32)
      switch try inflater.bits.take(2, file) {
      case 0:
        try inflater.storedBlock(file, &output)
        continue
      case 1: fixedLengths(&tables)
      case 2: (literalCount, distanceCount) = try inflater.dynamicLengths(file, &tables)
      default: throw .blockType
      }
      try literals.build(&tables, from: 0, count: literalCount, mayBeIncomplete: false)
      try distances.build(
        &tables, from: literalCount, count: distanceCount, mayBeIncomplete: true)
      try inflater.compressedBlock(file, &output, tables)
    }
    guard inflater.written == output.count, inflater.bits.isAtEnd else { throw .byteCount }
  }

  private mutating func put(
    _ byte: UInt8, _ output: inout MutableSpan<UInt8>
  ) throws(StreamError) {
    guard written < output.count else { throw .byteCount }
    output[written] = byte
    written &+= 1
  }

  private mutating func storedBlock(
    _ file: RawSpan, _ output: inout MutableSpan<UInt8>
  ) throws(StreamError) {
    bits.discardToByte()
    let count = try bits.take(16, file)
    guard try bits.take(16, file) == ~count & 0xFFFF else { throw .storedLength }
    for _ in 0..<count {
      try put(UInt8(truncatingIfNeeded: try bits.take(8, file)), &output)
    }
  }

  private mutating func compressedBlock(
    _ file: RawSpan, _ output: inout MutableSpan<UInt8>, _ tables: borrowing MutableSpan<UInt16>
  ) throws(StreamError) {
    while true {
      let symbol = try Self.literals.decode(&bits, file, tables)
      if symbol < 256 {
        try put(UInt8(truncatingIfNeeded: symbol), &output)
        continue
      }
      if symbol == 256 { return }
      let count = try length(of: symbol, file)
      let distance = try distance(of: try Self.distances.decode(&bits, file, tables), file)
      guard distance <= written else { throw .distance }
      for _ in 0..<count { try put(output[written &- distance], &output) }
    }
  }

  /// RFC 1951, 3.2.5: symbols 257 ... 284 in groups of four, each group with one more extra bit than the one before,
  /// after the first eight that have none; 285 is 258.
  private mutating func length(of symbol: Int, _ file: RawSpan) throws(StreamError) -> Int {
    let index = symbol &- 257
    if index < 8 { return index &+ 3 }
    guard index <= 28 else { throw .symbol }
    if index == 28 { return 258 }
    let extra = index &>> 2 &- 1
    return (4 &+ index & 3) &<< extra &+ 3 &+ (try bits.take(extra, file))
  }

  /// RFC 1951, 3.2.5: symbols 0 ... 29 in pairs, each with one more extra bit than the pair before, after the first
  /// four that have none.
  private mutating func distance(of symbol: Int, _ file: RawSpan) throws(StreamError) -> Int {
    if symbol < 4 { return symbol &+ 1 }
    guard symbol < 30 else { throw .symbol }
    let extra = symbol &>> 1 &- 1
    return (2 &+ symbol & 1) &<< extra &+ 1 &+ (try bits.take(extra, file))
  }

  /// RFC 1951, 3.2.6.
  private static func fixedLengths(_ tables: inout MutableSpan<UInt16>) {
    for symbol in 0..<288 {
      tables[symbol] = symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8
    }
    for symbol in 288..<320 { tables[symbol] = 5 }
  }

  /// RFC 1951, 3.2.7: the two codes' lengths, themselves coded.
  /// - Returns: how many there are of each.
  private mutating func dynamicLengths(
    _ file: RawSpan, _ tables: inout MutableSpan<UInt16>
  ) throws(StreamError) -> (literals: Int, distances: Int) {
    let order: [19 of UInt8] = [
      16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ]
    let literalCount = try bits.take(5, file) &+ 257
    let distanceCount = try bits.take(5, file) &+ 1
    let lengthCodeCount = try bits.take(4, file) &+ 4
    guard literalCount <= 286, distanceCount <= 30 else { throw .codeLengths }
    for index in 0..<19 { tables[Int(order[index])] = 0 }
    for index in 0..<lengthCodeCount {
      tables[Int(order[index])] = UInt16(truncatingIfNeeded: try bits.take(3, file))
    }
    try Self.literals.build(&tables, from: 0, count: 19, mayBeIncomplete: false)
    var index = 0
    while index < literalCount &+ distanceCount {
      let symbol = try Self.literals.decode(&bits, file, tables)
      var length: UInt16 = 0
      var count = 1
      switch symbol {
      case 16:
        guard index > 0 else { throw .codeLengths }
        length = tables[index &- 1]
        count = 3 &+ (try bits.take(2, file))
      case 17: count = 3 &+ (try bits.take(3, file))
      case 18: count = 11 &+ (try bits.take(7, file))
      default: length = UInt16(truncatingIfNeeded: symbol)
      }
      guard index &+ count <= literalCount &+ distanceCount else { throw .codeLengths }
      for _ in 0..<count {
        tables[index] = length
        index &+= 1
      }
    }
    guard tables[256] != 0 else { throw .codeLengths }
    return (literalCount, distanceCount)
  }
}
