/// A model file's header, checked.
struct Header {
  let fileByteCount: Int
  let recordCount: Int
  let arenaByteCount: Int
  let weightRAMByteCount: Int
  let layout: WeightLayout
  /// The bit set of roundings declared.
  let roundings: UInt8

  /// Checks the header, the length and the checksum.
  init(checking file: RawSpan) throws(ModelError) {
    typealias Field = ModelFormat.Header
    guard file.byteCount >= ModelFormat.headerByteCount else {
      throw .truncated(needed: ModelFormat.headerByteCount, found: file.byteCount)
    }
    guard file.uint32(at: Field.magic) == ModelFormat.magic else {
      throw .magic(found: file.uint32(at: Field.magic))
    }
    guard file.byte(at: Field.version) == ModelFormat.version else {
      throw .version(found: file.byte(at: Field.version))
    }
    guard file.uint32(at: Field.length) == UInt32(truncatingIfNeeded: file.byteCount),
      file.byteCount <= ModelFormat.byteCountLimit
    else {
      throw .length(
        declared: Int(truncatingIfNeeded: file.uint32(at: Field.length)), found: file.byteCount)
    }
    let checksum = CRC32.checksum(ofFile: file)
    guard file.uint32(at: Field.checksum) == checksum else {
      throw .checksum(declared: file.uint32(at: Field.checksum), found: checksum)
    }
    fileByteCount = file.byteCount
    recordCount = Int(file.byte(at: Field.recordCount))
    roundings = file.byte(at: Field.roundings)
    arenaByteCount = Int(truncatingIfNeeded: file.uint32(at: Field.arenaByteCount))
    weightRAMByteCount = Int(truncatingIfNeeded: file.uint32(at: Field.weightRAMByteCount))
    try Self.require(.recordCount, recordCount, in: 2...255)
    guard let layout = WeightLayout(rawValue: file.byte(at: Field.layout)), layout.isKnown else {
      throw .layout(found: file.byte(at: Field.layout), native: WeightLayout.native.rawValue)
    }
    self.layout = layout
    let state = ModelFormat.stateByteCount(recordCount: recordCount)
    try Self.require(.arena, arenaByteCount, in: state...ModelFormat.byteCountLimit)
    try Self.require(.arena, arenaByteCount & 3, in: 0...0)
    try Self.require(.weightRAM, weightRAMByteCount, in: 0...ModelFormat.byteCountLimit)
    let recordsEnd =
      ModelFormat.headerByteCount &+ recordCount &* ModelFormat.recordByteCount
    guard file.byteCount >= recordsEnd else {
      throw .truncated(needed: recordsEnd, found: file.byteCount)
    }
  }

  private static func require(
    _ field: ModelError.HeaderField, _ value: Int, in allowed: ClosedRange<Int>
  ) throws(ModelError) {
    guard allowed.contains(value) else { throw .header(field, found: value, allowed: allowed) }
  }
}
