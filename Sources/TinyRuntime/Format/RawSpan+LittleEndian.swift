/// Checked little-endian reads. Each load is of a type for which every bit pattern is a value, and
/// `RawSpan` itself checks the bounds, which is what makes these lines safe.
extension RawSpan {
  @inline(always)
  package func byte(at offset: Int) -> UInt8 {
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  @inline(always)
  package func uint16(at offset: Int) -> Int {
    Int(UInt16(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self)))
  }

  @inline(always)
  package func uint32(at offset: Int) -> UInt32 {
    UInt32(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  @inline(always)
  package func int32(at offset: Int) -> Int32 { Int32(bitPattern: uint32(at: offset)) }

  /// The high and the low four bits of a byte.
  @inline(always)
  package func nibbles(at offset: Int) -> (high: Int, low: Int) {
    let byte = byte(at: offset)
    return (Int(byte &>> 4), Int(byte & 15))
  }
}
