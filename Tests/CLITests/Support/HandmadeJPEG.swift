import CJPEG
import Foundation

/// JPEG files for tests.
enum HandmadeJPEG {
  /// A picture of one colour.
  static func plain(width: Int, height: Int, rgb: [UInt8], isGrey: Bool = false) -> Data {
    let pixels = (0..<width * height).flatMap { _ in rgb }
    let encoder = tjInitCompress()
    defer { tjDestroy(encoder) }
    var buffer: UnsafeMutablePointer<UInt8>?
    var count: UInt = 0
    let subsampling = isGrey ? TJSAMP_GRAY : TJSAMP_444
    let status = tjCompress2(
      encoder, pixels, Int32(width), 0, Int32(height), TJPF_RGB.rawValue, &buffer, &count,
      Int32(subsampling.rawValue), 95, 0)
    precondition(status == 0)
    defer { tjFree(buffer) }
    return Data(bytes: buffer!, count: Int(count))
  }
}
