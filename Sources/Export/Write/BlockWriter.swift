import TinyRuntime

/// Writes the blocks of a model file, one behind another, and tells each record where its block is.
struct BlockWriter {
  /// The blocks so far.
  private(set) var bytes: [UInt8] = []
  /// Bytes of weight RAM that they unpack to.
  private(set) var weightRAMByteCount = 0
  /// Bytes of the largest tile of packed weights, unpacked.
  private var tileByteCount = 0
  /// Where the first block begins in the file.
  private let start: Int

  private let layout: WeightLayout

  /// For a file of `recordCount` records.
  init(recordCount: Int, layout: WeightLayout) {
    self.layout = layout
    start = ModelFormat.headerByteCount + recordCount * ModelFormat.recordByteCount
  }

  /// Appends a record's constants, and its weights if it has any.
  mutating func append(
    _ constants: some Collection<UInt8>, _ weights: PackedWeights?, of record: inout OpRecord,
    input: OpRecord
  ) {
    guard !constants.isEmpty else { return }
    bytes.align()
    record.blockOffset = start + bytes.count
    bytes += constants
    guard record.op.hasWeights, let weights else { return }
    record.encoding = weights.encoding.rawValue
    if !record.isPacked { record.weightShift = 0 }
    tileByteCount = max(tileByteCount, record.unpackedByteCount(input: input, layout: layout))
    if weights.encoding == .deflate {
      weightRAMByteCount = (weightRAMByteCount + 3) & ~3
      bytes.append(littleEndian: UInt32(weights.bytes.count))
      bytes.append(littleEndian: UInt32(weightRAMByteCount))
      weightRAMByteCount += weights.weightCount
    }
    bytes += weights.bytes
  }

  /// Bytes of the arena of a plan that takes `planned`: unpacking has its tables there, and a tile of packed weights its place behind.
  func arenaByteCount(planned: Int) -> Int {
    max(planned, weightRAMByteCount > 0 ? Inflater.tableByteCount : 0) + tileByteCount
  }
}
