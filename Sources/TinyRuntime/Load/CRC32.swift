/// CRC-32 as in zlib and PNG (polynomial 0xEDB88320, reflected; start and end inverted), four bits at a time: a
/// table of 64 bytes instead of 1,024.
package struct CRC32 {
  private var state: UInt32 = ~0

  private static let table: [16 of UInt32] = [
    0x0000_0000, 0x1DB7_1064, 0x3B6E_20C8, 0x26D9_30AC, 0x76DC_4190, 0x6B6B_51F4, 0x4DB2_6158,
    0x5005_713C,
    0xEDB8_8320, 0xF00F_9344, 0xD6D6_A3E8, 0xCB61_B38C, 0x9B64_C2B0, 0x86D3_D2D4, 0xA00A_E278,
    0xBDBD_F21C,
  ]

  package init() {}

  /// Takes in the bytes `range` of `bytes`.
  package mutating func update(_ bytes: RawSpan, _ range: Range<Int>) {
    let table = Self.table
    for offset in range {
      state ^= UInt32(bytes.byte(at: offset))
      state = state &>> 4 ^ table[Int(truncatingIfNeeded: state & 15)]
      state = state &>> 4 ^ table[Int(truncatingIfNeeded: state & 15)]
    }
  }

  /// The checksum of the bytes so far.
  package var checksum: UInt32 { ~state }

  /// The checksum a model file should declare: of all its bytes but the four that hold it.
  package static func checksum(ofFile file: RawSpan) -> UInt32 {
    var crc = CRC32()
    crc.update(file, 0..<ModelFormat.Header.checksum)
    crc.update(file, ModelFormat.Header.checksum &+ 4..<file.byteCount)
    return crc.checksum
  }
}
