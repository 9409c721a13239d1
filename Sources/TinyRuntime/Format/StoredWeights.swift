/// Where the weights of a record are, in the file and once they can be used.
package struct StoredWeights: Equatable {
  /// Where the stored bytes begin in the file.
  package let fileOffset: Int
  /// Bytes stored; for `raw`, the weights themselves.
  package let storedByteCount: Int
  /// Where the weights are unpacked to in weight RAM, or nil for those that are used in place.
  package let weightRAMOffset: Int?

  /// Bytes before a DEFLATE stream: its byte count and its place in weight RAM.
  package static let packedHeadByteCount = 8

  /// Finds the weights of a record whose block lies inside the file.
  /// - Parameters:
  ///   - record: the record.
  ///   - byteCount: how many weights it has, a byte each.
  ///   - file: all of the file, which begins at a multiple of 4.
  package init(_ record: some Record, byteCount: Int, in file: RawSpan) {
    self = unsafe file.withUnsafeBytes {
      StoredWeights(record, byteCount: byteCount, in: unsafe Bytes($0))
    }
  }

  init(_ record: some Record, byteCount: Int, in file: Bytes) {
    let offset =
      record.blockOffset &+ record.op.constantByteCount(channels: record.channels)
    if record.encoding == Encoding.raw.rawValue {
      fileOffset = offset
      storedByteCount = byteCount
      weightRAMOffset = nil
    } else if record.isPacked {
      fileOffset = offset
      storedByteCount = record.packedGroups.storedByteCount(of: byteCount)
      weightRAMOffset = nil
    } else {
      let head = file.advanced(by: offset)
      fileOffset = offset &+ Self.packedHeadByteCount
      storedByteCount = Int(head.int32(0))
      weightRAMOffset = Int(head.int32(1))
    }
  }
}
