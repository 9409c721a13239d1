import TinyRuntime

extension [UInt8] {
  /// Appends four bytes.
  mutating func append(littleEndian value: UInt32) {
    for shift in [0, 8, 16, 24] as [UInt32] { append(UInt8(truncatingIfNeeded: value >> shift)) }
  }

  /// Overwrites four bytes.
  mutating func replace(at offset: Int, littleEndian value: UInt32) {
    for index in 0..<4 {
      self[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index)))
    }
  }

  /// Writes a model file's length and checksum into its header.
  mutating func seal() {
    replace(at: ModelFormat.Header.length, littleEndian: UInt32(count))
    replace(at: ModelFormat.Header.checksum, littleEndian: CRC32.checksum(ofFile: span.bytes))
  }

  /// Appends a record's bytes.
  mutating func append(_ record: OpRecord) {
    let bytes = record.bytes
    for index in bytes.indices { append(bytes[index]) }
  }

  /// Appends zeros up to the next multiple of 4.
  mutating func align() {
    while count % 4 != 0 { append(0) }
  }
}
