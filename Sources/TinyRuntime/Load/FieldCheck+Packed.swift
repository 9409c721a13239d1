extension FieldCheck {
  /// Packed weights that lie inside the file: that there are kernels for them, and that each code is one.
  @inline(never)
  func packed(
    _ record: StoredRecord, _ stored: StoredWeights, layout: WeightLayout, _ file: Bytes
  ) throws(ModelError) {
    guard record.canPack(stored.storedByteCount, layout: layout) else {
      throw .record(
        index, .encoding, found: Int(record.encoding), allowed: 0...Int(Encoding.deflate.rawValue))
    }
    let groups = record.packedGroups
    try require(.shift, record.weightShift, in: groups.shifts)
    let words = file.advanced(by: stored.fileOffset)
    for word in 0..<stored.storedByteCount / PackedGroups.byteCount {
      guard groups.allows(UInt32(bitPattern: words.int32(word))) else {
        throw .weightCode(
          record: index, offset: stored.fileOffset &+ word &* PackedGroups.byteCount)
      }
    }
  }
}
