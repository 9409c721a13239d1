import CZlib
import Train
import Testing
import TinyRuntime

@Suite struct CRC32Tests {
  @Test("The check value of the polynomial comes out")
  func checkValue() {
    let digits = Array("123456789".utf8)
    var crc = CRC32()
    crc.update(digits.span.bytes, 0..<9)
    #expect(crc.checksum == 0xCBF4_3926)
  }

  @Test("It equals zlib's, whole and in parts", arguments: [0, 1, 2, 7, 8, 9, 255, 1000])
  func equalsZlib(count: Int) {
    var random = SplitMix(seed: UInt64(count) + 1)
    let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    let reference = UInt32(crc32(0, bytes, UInt32(count)))
    for split in [0, count / 3, count] {
      var crc = CRC32()
      crc.update(bytes.span.bytes, 0..<split)
      crc.update(bytes.span.bytes, split..<count)
      #expect(crc.checksum == reference)
    }
  }
}
