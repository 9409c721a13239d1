import CZlib
import Foundation

/// PNG files put together byte by byte, in kinds that our own writer doesn't write.
enum HandmadePNG {
  /// The kinds of pixels, with PNG's own numbers.
  enum Colour: UInt8 {
    case grey = 0
    case rgb = 2
    case palette = 3
    case greyAlpha = 4
    case rgba = 6
  }

  /// A file whose `rows` are the packed bytes of each row, without PNG's filter byte, and whose `chunks`, such as a
  /// palette, stand between header and pixels.
  static func file(
    width: Int, height: Int, depth: UInt8, colour: Colour, rows: [[UInt8]],
    chunks: [(name: String, bytes: [UInt8])] = []
  ) -> Data {
    let header = bigEndian(width) + bigEndian(height) + [depth, colour.rawValue, 0, 0, 0]
    let pixels = Data(rows.flatMap { [0] + $0 })
    var file = Data([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    file += chunk("IHDR", header)
    for extra in chunks { file += chunk(extra.name, extra.bytes) }
    file += chunk("IDAT", [UInt8](Gzip.zlib(pixels)))
    file += chunk("IEND", [])
    return file
  }

  private static func chunk(_ name: String, _ bytes: [UInt8]) -> Data {
    let content = Array(name.utf8) + bytes
    let sum = Int(crc32(0, content, UInt32(content.count)))
    return Data(bigEndian(bytes.count) + content + bigEndian(sum))
  }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(value >> $0 & 255) }
  }
}
