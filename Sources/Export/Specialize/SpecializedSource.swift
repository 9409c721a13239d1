import TinyRuntime

/// A model's walk as Swift: every shape a constant, one call per op, so that the compiler leaves what this model needs. The
/// weights stay in the file.
public struct SpecializedSource {
  private let records: [OpRecord]
  private let names: [String]
  private let file: [UInt8]
  /// The record of each step, in order.
  private let steps: [Int]
  /// Bytes at the start of the arena that only the interpreter uses.
  private let stateByteCount: Int

  /// The walk of a model whose weights are used in place; nil where the walk can't be written down: more records than a byte of text can
  /// name.
  public init?(_ model: HostModel) {
    guard model.records.count <= 127, model.model.weightRAMByteCount == 0 else { return nil }
    file = model.file
    let file = file
    records = model.records.indices.map { OpRecord(step: $0, of: file.span.bytes) }
    names = model.metadata?.names ?? []
    stateByteCount = ModelFormat.stateByteCount(recordCount: records.count)
    steps = Walk.steps(of: file, recordCount: records.count).map { Int($0.index) }
  }

  /// The source file.
  public var text: String {
    let used = Set(steps).sorted()
    let input = records[0]
    let output = records[records.count - 1]
    return """
      // Made by `thimble firmware` for one model file: its walk, with every shape a constant.

      enum SpecializedModel {
        static let byteCount = \(file.count)
        static let checksum: UInt32 = \(file.span.bytes.uint32(at: ModelFormat.Header.checksum))
        static let memoryByteCount = \(memoryByteCount)
        static let input = (height: \(input.height), width: \(input.width), channels: \(input.channels))
        static let output = (height: \(output.height), width: \(output.width), channels: \(output.channels))

        /// How many steps each record has taken.
        typealias StepCounts = [\(records.count) of UInt\(mostTaken > 255 ? 16 : 8)]

        @inline(always)
        static var lastRecord: OpRecord { record\(records.count - 1) }

        /// The record of each step.
        static let steps: StaticString =
      \(stepsText)

        /// Takes a step of record `index`.
        @inline(always)
        static func take(_ index: Int, _ memory: MutableBytes, _ file: Bytes, step: Int) {
          switch index {
      \(used.filter { $0 > 0 }.map { "    case \($0): op\($0)(memory, file, step)" }.joined(separator: "\n"))
          default: break
          }
        }

      \(used.filter { $0 > 0 }.map(opText).joined(separator: "\n"))
      \(recordsText)}

      """
  }

  /// The most steps that a record takes.
  private var mostTaken: Int {
    Dictionary(grouping: steps) { $0 }.values.map(\.count).max() ?? 0
  }

  /// Bytes of memory that the walk needs.
  private var memoryByteCount: Int {
    Int(file.span.bytes.uint32(at: ModelFormat.Header.arenaByteCount)) - stateByteCount
  }

  /// The steps as lines of a string; record 10 is "\u{A}".
  private var stepsText: String {
    let lines = stride(from: 0, to: steps.count, by: 12).map { start in
      steps[start..<min(start + 12, steps.count)].map {
        "\\u{" + String($0, radix: 16, uppercase: true) + "}"
      }.joined()
    }
    return "    \"\"\"\n" + lines.map { "    \($0)\\\n" }.joined() + "    \n    \"\"\""
  }

  private func opText(_ index: Int) -> String {
    let record = records[index]
    let constants = record.op.constantByteCount(channels: record.channels)
    let second = record.op.hasSecondInput ? record.inputOrGroups : record.input
    let name = names.indices.contains(index) ? "  /// \(names[index])\n" : ""
    return """
      \(name)  @inline(never)
        private static func op\(index)(_ memory: MutableBytes, _ file: Bytes, _ step: Int) {
          Op(
            memory: memory, file: file, record: record\(index), input: record\(record.input),
            second: record\(second), weights: file.advanced(by: \(record.blockOffset + constants))
          ).take(step: step\(record.isPacked ? ", \(tilesText(record))" : ""))
        }

      """
  }

  /// How packed weights lie and are unpacked.
  private func tilesText(_ record: OpRecord) -> String {
    let weights = TiledWeights(
      record, input: records[record.input],
      layout: WeightLayout(rawValue: file[ModelFormat.Header.layout]) ?? .plain,
      arenaByteCount: memoryByteCount)
    let tile = weights.tile
    return """

            TiledWeights(
              planes: \(weights.planes), shift: \(weights.shift), addend: \(weights.addend),
              flip: \(weights.flip),
              tile: WeightTile(
                channels: \(tile.channels), byteCount: \(tile.byteCount), lastByteCount: \(tile.lastByteCount)),
              room: \(weights.room))
      """
  }

  private var recordsText: String {
    let read = steps.flatMap { [$0] + records[$0].inputs }
    return Set(read + [records.count - 1]).sorted().map { index in
      """

        @inline(always)
        static var record\(index): OpRecord {
          var record = OpRecord()
      \(fields(of: records[index]).map { "    record.\($0.name) = \($0.value)\n" }.joined())    return record
        }

      """
    }.joined()
  }

  /// The fields of a record that differ from a new record's.
  private func fields(of record: OpRecord) -> [(name: String, value: String)] {
    let numbers: [(String, KeyPath<OpRecord, Int>)] = [
      ("dilation", \.dilation), ("inputOrGroups", \.inputOrGroups), ("height", \.height),
      ("width", \.width),
      ("channels", \.channels), ("ringHeight", \.ringHeight),
      ("kernelHeight", \.kernelHeight), ("kernelWidth", \.kernelWidth),
      ("strideVertical", \.strideVertical), ("strideHorizontal", \.strideHorizontal),
      ("paddingTop", \.paddingTop), ("paddingLeft", \.paddingLeft),
      ("marginTop", \.marginTop), ("marginBottom", \.marginBottom),
      ("marginLeft", \.marginLeft), ("marginRight", \.marginRight),
      ("leftShift", \.leftShift), ("rightShift", \.rightShift), ("blockOffset", \.blockOffset),
      ("poolHeight", \.poolHeight), ("poolWidth", \.poolWidth),
      ("poolStrideVertical", \.poolStrideVertical),
      ("poolStrideHorizontal", \.poolStrideHorizontal),
    ]
    let new = OpRecord()
    var fields = [("op", ".\(record.op)")]
    if record.isLaidOut { fields.append(("isLaidOut", "true")) }
    if record.zeroPoint != 0 { fields.append(("zeroPoint", "\(record.zeroPoint)")) }
    fields.append(("offset", "\(record.offset - stateByteCount)"))
    for (name, path) in numbers where record[keyPath: path] != new[keyPath: path] {
      fields.append((name, "\(record[keyPath: path])"))
    }
    return fields.map { (name: $0.0, value: $0.1) }
  }
}
