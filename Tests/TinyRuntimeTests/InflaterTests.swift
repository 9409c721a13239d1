import CZlib
import Train
import Testing
import TinyRuntime

@Suite struct InflaterTests {
  /// zlib's raw stream for `bytes`.
  private func deflated(_ bytes: [UInt8], level: Int32, strategy: Int32) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
      &stream, level, Z_DEFLATED, -15, 9, strategy, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
    var input = bytes
    let written = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        deflate(&stream, Z_FINISH)
        return target.count - Int(stream.avail_out)
      }
    }
    return Array(output[..<written])
  }

  private func inflated(_ stream: [UInt8], count: Int) throws(StreamError) -> [UInt8] {
    var output = [UInt8](repeating: 0xAA, count: count)
    var tables = [UInt16](repeating: 0xAAAA, count: Inflater.tableByteCount / 2)
    var span = output.mutableSpan
    var tableSpan = tables.mutableSpan
    try Inflater.inflate(
      stream.span.bytes, 0..<stream.count, into: &span, tables: &tableSpan)
    return output
  }

  /// Bytes of several natures: few values, many, runs, repeats far apart, and like weights.
  private func bytes(_ count: Int, kind: Int) -> [UInt8] {
    var random = SplitMix(seed: UInt64(count * 8 + kind))
    return (0..<count).map { index in
      switch kind {
      case 0: 7
      case 1: UInt8.random(in: 0...255, using: &random)
      case 2: UInt8.random(in: 0...2, using: &random)
      case 3: UInt8(truncatingIfNeeded: (index % 1021) * 7)
      default:
        UInt8(
          truncatingIfNeeded: (0..<4).reduce(0) { sum, _ in
            sum + Int.random(in: -30...30, using: &random)
          })
      }
    }
  }

  @Test(
    "It unpacks what zlib packs, at every level and strategy",
    arguments: [0, 1, 2, 3, 7, 258, 259, 4_000, 70_000], 0..<5)
  func unpacks(count: Int, kind: Int) throws {
    let original = bytes(count, kind: kind)
    for level in [0, 1, 6, 9] as [Int32] {
      for strategy in [Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE] {
        let stream = deflated(original, level: level, strategy: strategy)
        #expect(try inflated(stream, count: count) == original)
      }
    }
  }

  @Test("A stream cut anywhere is refused", arguments: [0, 2, 4])
  func cut(kind: Int) {
    let original = bytes(300, kind: kind)
    let stream = deflated(original, level: 9, strategy: Z_DEFAULT_STRATEGY)
    for length in 0..<stream.count {
      #expect(throws: StreamError.self) {
        try inflated(Array(stream[..<length]), count: original.count)
      }
    }
  }

  @Test("An output of another size is refused")
  func otherSize() {
    let stream = deflated(bytes(300, kind: 4), level: 9, strategy: Z_DEFAULT_STRATEGY)
    #expect(throws: StreamError.byteCount) { try inflated(stream, count: 299) }
    #expect(throws: StreamError.byteCount) { try inflated(stream, count: 301) }
    #expect(throws: StreamError.byteCount) { try inflated(stream + [0], count: 300) }
  }

  @Test("A stream with a flipped bit is refused or unpacks to the right size, and never traps")
  func flipped() {
    let original = bytes(2_000, kind: 4)
    for strategy in [Z_DEFAULT_STRATEGY, Z_FIXED] {
      let stream = deflated(original, level: 9, strategy: strategy)
      for bit in 0..<min(stream.count * 8, 4_000) {
        var damaged = stream
        damaged[bit / 8] ^= 1 << UInt8(bit % 8)
        _ = try? inflated(damaged, count: original.count)
      }
    }
  }

  @Test("Random bytes are refused or unpack, and never trap")
  func noise() {
    var random = SplitMix(seed: 11)
    for _ in 0..<3_000 {
      let count = Int.random(in: 0...64, using: &random)
      let stream = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      _ = try? inflated(stream, count: Int.random(in: 0...64, using: &random))
    }
  }

  @Test("Each way to break the format has its error")
  func errors() {
    // The low bits of the first byte: last block, then its type.
    #expect(throws: StreamError.blockType) { try inflated([0b111], count: 1) }
    #expect(throws: StreamError.storedLength) { try inflated([0b001, 1, 0, 0, 0, 9], count: 1) }
    #expect(throws: StreamError.truncated) { try inflated([], count: 1) }
    // Fixed code: literal 0x00 is 00110000; then length 3 (0000001) at distance 2 (00001) reaches before the start.
    #expect(throws: StreamError.distance) {
      try inflated(bits("1 10 00110000 0000001 00001 0000000"), count: 4)
    }
    // Fixed code: symbol 286 (11000110) stands for nothing.
    #expect(throws: StreamError.symbol) { try inflated(bits("1 10 11000110"), count: 1) }
    // Dynamic code: 288 literals are too many.
    #expect(throws: StreamError.codeLengths) {
      try inflated(bits("1 01 11111 00000 0000 000000000000"), count: 1)
    }
  }

  /// Bytes from bits in the order in which a stream has them.
  private func bits(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, bit) in text.filter({ $0 != " " }).enumerated() {
      if index % 8 == 0 { bytes.append(0) }
      if bit == "1" { bytes[index / 8] |= 1 << UInt8(index % 8) }
    }
    return bytes
  }
}
