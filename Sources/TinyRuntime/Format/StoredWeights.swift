/// Where the weights of a record are, in the file and once they can be used.
package struct StoredWeights: Equatable {
  /// Where the stored bytes begin in the file.
  package let fileOffset: Int
  /// Bytes stored; for `raw`, the weights themselves.
  package let storedByteCount: Int
  /// Where the weights are unpacked to in weight RAM, or nil for `raw`, which is used in place.
  package let weightRAMOffset: Int?

  /// Bytes before a packed stream: its byte count and its place in weight RAM.
  package static let packedHeadByteCount = 8

  /// Finds the weights of a record whose block lies inside the file.
  /// - Parameters:
  ///   - record: the record.
  ///   - byteCount: how many weights it has, a byte each.
  ///   - file: all of the file.
  package init(_ record: OpRecord, byteCount: Int, in file: RawSpan) {
    let offset =
      record.blockOffset &+ record.op.constantByteCount(channels: record.channels)
    if record.encoding == Encoding.raw.rawValue {
      fileOffset = offset
      storedByteCount = byteCount
      weightRAMOffset = nil
    } else {
      fileOffset = offset &+ Self.packedHeadByteCount
      storedByteCount = Int(truncatingIfNeeded: file.uint32(at: offset))
      weightRAMOffset = Int(truncatingIfNeeded: file.uint32(at: offset &+ 4))
    }
  }
}
