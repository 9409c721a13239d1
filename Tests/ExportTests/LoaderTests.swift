import Export
import Network
import Testing
import TinyRuntime
import Train

@Suite struct LoaderTests {
  private func load(_ file: [UInt8]) throws(ModelError) { _ = try HostModel(file) }

  @Test("A file cut at any length is refused", arguments: [EncodingChoice.raw, .deflate])
  func cut(encoding: EncodingChoice) throws {
    let file = try ModelBytes.residual(encoding: encoding)
    for length in 0..<file.count {
      let expected: ModelError =
        length < ModelFormat.headerByteCount
        ? .truncated(needed: ModelFormat.headerByteCount, found: length)
        : .length(declared: file.count, found: length)
      #expect(throws: expected) { try load(Array(file[..<length])) }
    }
  }

  @Test("A file with a byte more is refused")
  func longer() throws {
    let file = try ModelBytes.residual()
    #expect(throws: ModelError.length(declared: file.count, found: file.count + 1)) {
      try load(file + [0])
    }
  }

  @Test("Bytes that don't begin at a multiple of 4 are refused", arguments: 1...3)
  func misaligned(offset: Int) throws {
    let file = try ModelBytes.residual()
    let bytes = [UInt8](repeating: 0, count: offset) + file
    #expect(throws: ModelError.misaligned) {
      _ = try Model(loading: bytes.span.bytes.extracting(offset..<bytes.count))
    }
  }

  @Test("Any changed byte is refused")
  func changed() throws {
    let file = try ModelBytes.residual()
    for offset in file.indices {
      var damaged = file
      damaged[offset] ^= 0x10
      #expect(throws: ModelError.self, "byte \(offset)") { try load(damaged) }
    }
  }

  @Test("Each field of the header has its error")
  func header() throws {
    let file = try ModelBytes.residual()
    func damaged(_ offset: Int, _ value: UInt8) -> [UInt8] {
      var file = file
      file[offset] = value
      return ModelBytes.resealed(file)
    }
    #expect(throws: ModelError.magic(found: 0x424D_4858)) { try load(damaged(0, 0x58)) }
    #expect(throws: ModelError.version(found: 9)) { try load(damaged(4, 9)) }
    #expect(throws: ModelError.header(.roundings, found: 3, allowed: 1...1)) {
      try load(damaged(5, 3))
    }
    #expect(throws: ModelError.header(.recordCount, found: 1, allowed: 2...255)) {
      try load(damaged(6, 1))
    }
    #expect(throws: ModelError.layout(found: 255, native: WeightLayout.native.rawValue)) {
      try load(damaged(7, 255))
    }
    #expect(throws: ModelError.header(.arena, found: 1, allowed: 0...0)) {
      let arena = file[16]
      try load(damaged(16, arena | 1))
    }
    let arena = try HostModel(file).model.arenaByteCount
    #expect(throws: ModelError.header(.arena, found: arena + 4, allowed: arena...arena)) {
      try load(damaged(16, UInt8((arena + 4) & 255)))
    }
    #expect(throws: ModelError.header(.arena, found: arena + 1 << 24, allowed: arena...arena)) {
      try load(damaged(19, 1))
    }
    #expect(throws: ModelError.header(.weightRAM, found: 1, allowed: 0...0)) {
      try load(damaged(20, 1))
    }
    var checksum = file
    checksum[12] ^= 1
    #expect(throws: ModelError.self) { try load(checksum) }
  }

  @Test("Each field of a record has its error")
  func record() throws {
    let file = try ModelBytes.residual()
    let records = try HostModel(file).records
    let conv = try #require(records.firstIndex { $0.op == .conv2D })
    let pool = try #require(records.firstIndex { $0.op == .maxPool2D })
    let dense = try #require(records.firstIndex { $0.op == .dense })
    let softmax = try #require(records.firstIndex { $0.op == .softmax })
    func expect(
      _ record: Int, _ field: Int, _ value: UInt8, _ kind: ModelError.RecordField,
      _ found: Int, _ allowed: ClosedRange<Int>, sourceLocation: SourceLocation = #_sourceLocation
    ) {
      var damaged = file
      damaged[ModelBytes.offset(ofRecord: record, field)] = value
      #expect(
        throws: ModelError.record(record, kind, found: found, allowed: allowed),
        sourceLocation: sourceLocation
      ) { try load(ModelBytes.resealed(damaged)) }
    }
    expect(0, 0, 1, .code, 1, 0...0)
    expect(conv, 0, 0, .code, 0, 1...14)
    expect(conv, 0, 15, .code, 15, 1...14)
    expect(conv, 1, 0x10, .rounding, 1, 0...0)
    expect(conv, 1, 0x07, .encoding, 7, 0...4)
    expect(conv, 2, 200, .input, 200, 0...conv - 1)
    expect(conv, 3, 0, .groups, 0, 1...255)
    expect(
      conv, 4, 0, .height, 0, 1...0xFFFF - records[conv].marginTop - records[conv].marginBottom)
    // The picture's last row that the window would read.
    expect(conv, 4, 200, .height, 202, 1...records[0].paddedHeight)
    expect(conv, 10, 0, .margin, 1, 0...0)
    expect(conv, 16, 0, .kernelHeight, 0, 1...records[0].ringHeight)
    expect(conv, 17, 250, .kernelWidth, 250, 1...records[0].width + 2)
    expect(conv, 18, 0x01, .stride, 0, 1...15)
    expect(conv, 19, 0x21, .padding, 2, 0...1)
    expect(conv, 23, 0, .shift, 0, 1...23)
    let block = records[conv].blockOffset
    expect(conv, 24, 1, .blockOffset, block & ~0xFF | 1, block...block)
    expect(pool, 19, 0x10, .padding, 1, 0...0)
    let zeroPoint = Int(records[records[pool].input].zeroPoint)
    expect(pool, 22, 5, .zeroPoint, 5, zeroPoint...zeroPoint)
    expect(pool, 3, 1, .unused, 1, 0...0)
    expect(dense, 4, 2, .height, 2, 1...1)
    expect(softmax, 22, 0, .zeroPoint, 0, -128 ... -128)
    expect(softmax, 10, 2, .ringHeight, 2, 1...1)
  }

  @Test("Any byte of records and sections, changed under a right checksum, is refused or runs")
  func fuzz() throws {
    for encoding in [EncodingChoice.raw, .deflate] {
      let file = try ModelBytes.residual(encoding: encoding)
      let input = [Int8](repeating: 3, count: 64)
      var accepted = 0
      var random = SplitMix(seed: 3)
      for offset in 0..<file.count {
        for value in [
          file[offset] ^ 1, file[offset] ^ 0x80, UInt8.random(in: 0...255, using: &random),
        ] {
          var damaged = file
          damaged[offset] = value
          guard let model = try? HostModel(ModelBytes.resealed(damaged)), model.inputCount == 64
          else {
            continue
          }
          _ = model.run(input)
          accepted += 1
        }
      }
      // Weights and constants may be anything.
      #expect(accepted > 100)
    }
  }

  @Test("A ring one row smaller is refused")
  func smallRing() throws {
    let file = try ModelBytes.residual()
    let records = try HostModel(file).records
    var tried = 0
    for (index, record) in records.enumerated() where !record.isWhole && record.ringHeight > 1 {
      var damaged = file
      damaged[ModelBytes.offset(ofRecord: index, 10)] -= 1
      #expect(throws: ModelError.self, "record \(index)") {
        try load(ModelBytes.resealed(damaged))
      }
      tried += 1
    }
    #expect(tried > 2)
  }

  @Test("A damaged stream is refused with the record's number")
  func stream() throws {
    let file = try ModelBytes.residual(
      encoding: .deflate, text: "input 8x8x1\nconv 3x3 8\ndense 40")
    let model = try HostModel(file)
    let dense = try #require(model.records.firstIndex { $0.encoding == 1 })
    let record = model.records[dense]
    let stored = StoredWeights(record, byteCount: 0, in: file.span.bytes)
    var damaged = file
    damaged[stored.fileOffset] |= 0b110
    #expect(throws: ModelError.stream(record: dense, .blockType)) {
      try load(ModelBytes.resealed(damaged))
    }
  }

  @Test("Random bytes behind a right header never trap")
  func noise() throws {
    let file = try ModelBytes.residual()
    var random = SplitMix(seed: 4)
    for _ in 0..<2_000 {
      var damaged = file
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        damaged[Int.random(in: ModelFormat.headerByteCount..<damaged.count, using: &random)] =
          UInt8.random(in: 0...255, using: &random)
      }
      if let model = try? HostModel(ModelBytes.resealed(damaged)), model.inputCount == 64 {
        _ = model.run([Int8](repeating: 1, count: 64))
      }
    }
  }
}
