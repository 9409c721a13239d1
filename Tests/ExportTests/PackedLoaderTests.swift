import Export
import Network
import Testing
import TinyRuntime
import Train

/// Files with packed weights, damaged.
@Suite struct PackedLoaderTests {
  private static let text = "input 8x8x3\nconv 3x3 8\ndepthwise 3x3\ndense 5"

  /// A model file of convolution, depthwise convolution and dense layer.
  private func model(
    _ grid: WeightGrid, _ layout: WeightLayout = .plain, text: String = text
  ) throws -> HostModel {
    let network = try Network(text: text).untrained(seed: 1)
    var options = ExportOptions()
    options.weights = grid
    let result = try Exporter.export(
      network, samples: noiseSamples(of: network, count: 1, seed: 1), options: options)
    return try HostModel(HostModel(result.file).relaid(to: layout))
  }

  private func expect(
    _ model: HostModel, _ changes: [(offset: Int, value: UInt8)], _ error: ModelError,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var damaged = model.file
    for change in changes { damaged[change.offset] = change.value }
    #expect(throws: error, sourceLocation: sourceLocation) {
      _ = try HostModel(ModelBytes.resealed(damaged))
    }
  }

  /// Where a record's weights are.
  private func weights(_ model: HostModel, _ index: Int) -> Int {
    let record = model.records[index]
    return record.blockOffset + record.op.constantByteCount(channels: record.channels)
  }

  @Test("A code that stands for no weight is refused with its place")
  func codes() throws {
    let int4 = try model(.int4)
    let at = weights(int4, 1) + 5
    expect(int4, [(at, int4.file[at] & 0xF0)], .weightCode(record: 1, offset: at - 1))
    expect(int4, [(at, int4.file[at] & 0x0F)], .weightCode(record: 1, offset: at - 1))
    let ternary = try model(.ternary)
    expect(
      ternary, [(weights(ternary, 3), 20)], .weightCode(record: 3, offset: weights(ternary, 3)))
  }

  @Test(
    "A shift that would make a weight of -128 or more is refused",
    arguments: [
      (WeightGrid.int4, 4), (.int2, 5), (.ternary, 6),
    ])
  func shift(grid: WeightGrid, most: Int) throws {
    let model = try model(grid)
    let offset = ModelBytes.offset(ofRecord: 1, 23)
    expect(
      model, [(offset, UInt8(most + 1) << 5 | model.file[offset] & 31)],
      .record(1, .shift, found: most + 1, allowed: 0...most))
  }

  @Test("An arena without the room of a tile is refused")
  func arena() throws {
    let model = try model(.int4)
    let arena = model.model.arenaByteCount
    expect(
      model, [(16, UInt8((arena - 4) & 255)), (17, UInt8((arena - 4) >> 8))],
      .header(.arena, found: arena - 4, allowed: arena...arena))
  }

  @Test("Weights past the end are refused")
  func end() throws {
    let model = try model(.int2, text: "input 4x4x4\nconv 1x1 8")
    let start = weights(model, 1)
    var cut = Array(model.file[..<(start + 4)])
    cut.replaceSubrange(8..<12, with: [UInt8(cut.count & 255), UInt8(cut.count >> 8), 0, 0])
    #expect(
      throws: ModelError.blockEnd(record: 1, start: start, byteCount: 8, found: cut.count)
    ) { _ = try HostModel(ModelBytes.resealed(cut)) }
  }

  @Test("Layouts without a kernel for packed weights are refused")
  func layouts() throws {
    // In blocks, the constants of 16 channels are read from those of 8.
    let model = try model(.ternary, .blocks)
    #expect(!model.records[2].isPacked && model.records[2].isLaidOut)
    let kinds = ModelBytes.offset(ofRecord: 2, 1)
    let code = model.file[kinds] | Encoding.ternary.rawValue
    expect(model, [(kinds, code)], .record(2, .encoding, found: 4, allowed: 0...1))
  }

  @Test(
    "Any byte of a file, changed under a right checksum, is refused or runs",
    arguments: [WeightGrid.int4, .int2, .ternary], WeightLayout.allCases)
  func fuzz(grid: WeightGrid, layout: WeightLayout) throws {
    let model = try model(grid, layout)
    let input = [Int8](repeating: 3, count: model.inputCount)
    var random = SplitMix(seed: 9)
    var accepted = 0
    for offset in model.file.indices {
      var damaged = model.file
      damaged[offset] = UInt8.random(in: 0...255, using: &random)
      guard let changed = try? HostModel(ModelBytes.resealed(damaged), runsAsStored: true),
        changed.inputCount == input.count
      else { continue }
      _ = changed.run(input)
      accepted += 1
    }
    #expect(accepted > 50)
  }
}
