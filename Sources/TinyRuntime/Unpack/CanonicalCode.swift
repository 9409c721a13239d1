/// A Huffman code whose codes follow from their lengths (RFC 1951, 3.2.2), kept in a part of a shared table: 16 counts, one for
/// each length, then the symbols in the order of their codes.
struct CanonicalCode {
  private let countsStart: Int
  private let symbolsStart: Int
  /// Elements of the table it takes.
  let count: Int

  static let longestCode = 15

  init(start: Int, symbolLimit: Int) {
    countsStart = start
    symbolsStart = start &+ Self.longestCode &+ 1
    count = Self.longestCode &+ 1 &+ symbolLimit
  }

  /// Makes the code of `count` symbols, whose lengths are in the table from `lengths` on, 0 for those not used.
  /// - Parameters:
  ///   - tables: holds the lengths and takes the code.
  ///   - lengths: where the lengths begin.
  ///   - count: how many symbols.
  ///   - mayBeIncomplete: whether a single code of one bit, or none at all, is allowed.
  /// - Throws: `StreamError.codeLengths`.
  func build(
    _ tables: inout MutableSpan<UInt16>, from lengths: Int, count: Int, mayBeIncomplete: Bool
  ) throws(StreamError) {
    for length in 0...Self.longestCode { tables[countsStart &+ length] = 0 }
    for symbol in 0..<count { tables[countsStart &+ Int(tables[lengths &+ symbol])] &+= 1 }
    let used = count &- Int(tables[countsStart])
    tables[countsStart] = 0
    // Codes of the next length that are still free; below zero there were too many.
    var free = 1
    for length in 1...Self.longestCode {
      free = free &* 2 &- Int(tables[countsStart &+ length])
      guard free >= 0 else { throw .codeLengths }
    }
    guard free == 0 || mayBeIncomplete && used == Int(tables[countsStart &+ 1]) else {
      throw .codeLengths
    }
    // Where the symbols of each length begin; a stable pass per length needs no table for it.
    var position = symbolsStart
    for length in 1...Self.longestCode where tables[countsStart &+ length] != 0 {
      for symbol in 0..<count where Int(tables[lengths &+ symbol]) == length {
        tables[position] = UInt16(truncatingIfNeeded: symbol)
        position &+= 1
      }
    }
  }

  /// The next symbol of the stream.
  func decode(
    _ bits: inout BitReader, _ file: RawSpan, _ tables: borrowing MutableSpan<UInt16>
  ) throws(StreamError) -> Int {
    // Codes of one length are consecutive numbers; `first` is the first of them, `position` where its symbol is.
    var code = 0
    var first = 0
    var position = symbolsStart
    // In registers while the code is read.
    var reader = bits
    defer { bits = reader }
    for length in 1...Self.longestCode {
      code |= try reader.takeBit(file)
      let count = Int(tables[countsStart &+ length])
      if code &- first < count { return Int(tables[position &+ code &- first]) }
      position &+= count
      first = (first &+ count) &<< 1
      code &<<= 1
    }
    throw .symbol
  }
}
