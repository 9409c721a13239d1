import Export
import Network
import Testing
import TinyRuntime
import Train

/// Files in which a max pool took over the convolution before it, damaged.
@Suite struct FoldedLoaderTests {
  /// Picture, convolution and pool, average pool, sum, depthwise and pool, dense.
  private static let text = """
    input 16x16x2
    conv 3x3 4 padding=same
    relu
    maxpool 2x2
    branch: avgpool 1x1
    add maxpool1
    depthwise 3x3
    maxpool 2x2 stride=3
    dense 5
    """
  private let file: [UInt8]
  private let records: [OpRecord]

  init() throws {
    file = try ModelBytes.residual(text: Self.text, goal: .speed)
    records = try HostModel(file).records
  }

  /// Loads the file with bytes of records changed.
  private func load(_ changes: [(record: Int, field: Int, value: UInt8)]) throws {
    var damaged = file
    for (record, field, value) in changes {
      damaged[ModelBytes.offset(ofRecord: record, field)] = value
    }
    _ = try HostModel(ModelBytes.resealed(damaged))
  }

  private func expect(
    _ changes: [(record: Int, field: Int, value: UInt8)], _ error: ModelError,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: error, sourceLocation: sourceLocation) { try load(changes) }
  }

  @Test("Both kinds of convolution are taken over, and hold no memory")
  func isFolded() {
    #expect(
      records.map(\.op) == [
        .input, .conv2D, .maxPool2D, .averagePool2D, .add, .depthwiseConv2D, .maxPool2D, .dense,
      ])
    #expect(records.indices.filter { records[$0].isFolded } == [1, 5])
    #expect(records[1].bufferByteCount == 0 && records[5].bufferByteCount == 0)
  }

  @Test("A pool of more rows or columns than a kernel takes at once is not folded")
  func isTooLarge() throws {
    for pool in ["3x1 stride=3", "1x3 stride=3"] {
      let file = try ModelBytes.residual(
        text: "input 16x16x1\nconv 3x3 4\nmaxpool \(pool)\ndense 5")
      #expect(try HostModel(file).records.allSatisfy { !$0.isFolded })
    }
  }

  @Test("Only the max pool behind it may read an edge that is never stored")
  func readers() {
    let unread = ModelError.record(1, .ringHeight, found: 0, allowed: 1...16)
    // The pool is another op, or reads something else.
    expect([(2, 0, 5)], unread)
    expect([(2, 2, 0)], unread)
    // A second reader: an op's first input, a sum's second one, another pool.
    expect([(3, 2, 1)], unread)
    expect([(4, 3, 1)], unread)
    expect([(6, 2, 1)], unread)
  }

  @Test("Only a convolution that is not the output has such an edge")
  func elsewhere() {
    for index in [0, 2, 3, 4, 6] {
      let rows = records[index].paddedHeight
      expect(
        [(index, 10, 0)], .record(index, .ringHeight, found: 0, allowed: 1...rows))
    }
    expect([(7, 10, 0)], .record(7, .ringHeight, found: 0, allowed: 1...1))
    let convolution = try! ModelBytes.residual(text: "input 4x4x1\nconv 3x3 2")
    var damaged = convolution
    damaged[ModelBytes.offset(ofRecord: 1, 10)] = 0
    damaged[ModelBytes.offset(ofRecord: 1, 12)] = 0
    #expect(throws: ModelError.record(1, .ringHeight, found: 0, allowed: 2...2)) {
      _ = try HostModel(ModelBytes.resealed(damaged))
    }
  }

  @Test("It has no margin and no place")
  func place() {
    expect([(1, 20, 0x10)], .record(1, .margin, found: 1, allowed: 0...0))
    expect([(1, 21, 0x01)], .record(1, .margin, found: 1, allowed: 0...0))
    expect([(1, 12, 4)], .record(1, .offset, found: 4, allowed: 0...0))
  }

  @Test("Pool windows that overlap, or run past the convolution, are refused")
  func windows() {
    expect([(2, 18, 0x12)], .record(2, .kernelHeight, found: 2, allowed: 1...1))
    expect([(2, 18, 0x21)], .record(2, .kernelWidth, found: 2, allowed: 1...1))
    expect([(2, 16, 17)], .record(2, .kernelHeight, found: 17, allowed: 1...16))
    expect([(6, 16, 3)], .record(6, .kernelHeight, found: 3, allowed: 1...2))
    expect([(2, 17, 0)], .record(2, .kernelWidth, found: 0, allowed: 1...16))
    expect([(2, 18, 0x32)], .record(2, .height, found: 23, allowed: 1...16))
    expect([(2, 22, 5)], .record(2, .zeroPoint, found: 5, allowed: -128 ... -128))
  }

  @Test("The convolution's input keeps the rows of a pool's whole window")
  func source() {
    #expect(records[0].ringHeight == 4)
    expect([(0, 10, 3)], .record(2, .kernelHeight, found: 4, allowed: 1...3))
  }

  @Test(
    "A multiplier below zero is refused, for it would turn the largest sum into the least value")
  func multiplier() {
    var damaged = file
    let offset = records[5].blockOffset + 8 * 3 + 4
    damaged.replaceSubrange(offset..<offset + 4, with: [0xFE, 0xFF, 0xFF, 0xFF])
    #expect(throws: ModelError.record(5, .multiplier, found: -2, allowed: 0...Int(Int32.max))) {
      _ = try HostModel(ModelBytes.resealed(damaged))
    }
  }

  @Test("Any bytes of records, changed under a right checksum, are refused or run")
  func fuzz() throws {
    var random = SplitMix(seed: 8)
    let input = [Int8](repeating: 3, count: 512)
    var accepted = 0
    for _ in 0..<6_000 {
      var damaged = file
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let record = Int.random(in: 0..<records.count, using: &random)
        let field = Int.random(in: 0..<28, using: &random)
        damaged[ModelBytes.offset(ofRecord: record, field)] =
          [UInt8.random(in: 0...255, using: &random), 0, 1, 2, 3].randomElement(using: &random)!
      }
      guard let model = try? HostModel(ModelBytes.resealed(damaged)), model.inputCount == 512 else {
        continue
      }
      _ = model.run(input)
      accepted += 1
    }
    #expect(accepted > 100)
  }
}
