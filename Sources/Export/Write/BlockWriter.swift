import TinyRuntime

/// Writes the blocks of a model file, one behind another, and tells each record where its block is.
struct BlockWriter {
  /// The blocks so far.
  private(set) var bytes: [UInt8] = []
  /// Bytes of weight RAM that they unpack to.
  private(set) var weightRAMByteCount = 0
  /// Where the first block begins in the file.
  private let start: Int

  /// For a file of `recordCount` records.
  init(recordCount: Int) {
    start = ModelFormat.headerByteCount + recordCount * ModelFormat.recordByteCount
  }

  /// Appends a record's constants, and its weights if it has any.
  mutating func append(
    _ constants: some Collection<UInt8>, _ weights: PackedWeights?, of record: inout OpRecord
  ) {
    guard !constants.isEmpty else { return }
    bytes.align()
    record.blockOffset = start + bytes.count
    bytes += constants
    guard record.op.hasWeights, let weights else { return }
    record.encoding = weights.encoding.rawValue
    if weights.encoding != .raw {
      weightRAMByteCount = (weightRAMByteCount + 3) & ~3
      bytes.append(littleEndian: UInt32(weights.bytes.count))
      bytes.append(littleEndian: UInt32(weightRAMByteCount))
      weightRAMByteCount += weights.weightCount
    }
    bytes += weights.bytes
  }

  /// Bytes of the arena of a plan that takes `planned`: unpacking has its tables there.
  func arenaByteCount(planned: Int) -> Int {
    weightRAMByteCount > 0 ? max(planned, Inflater.tableByteCount) : planned
  }
}
