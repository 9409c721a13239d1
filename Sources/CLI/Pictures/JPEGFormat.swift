import CJPEG
import Foundation
import Network

/// JPEG through TurboJPEG, in which errors are values.
enum JPEGFormat {
  /// The first bytes of every JPEG file.
  static let signature: [UInt8] = [0xff, 0xd8, 0xff]

  /// Decodes a JPEG, grey or colour. A file cut short is refused, although a viewer would show a part of it.
  static func decode(_ file: Data) throws(PictureError) -> Picture {
    guard let decoder = tjInitDecompress() else {
      throw .damaged(format: "JPEG", reason: "no memory")
    }
    defer { tjDestroy(decoder) }
    let result: Result<Picture, PictureError> = file.withUnsafeBytes { bytes in
      Result { () throws(PictureError) in
        try decode(bytes.bindMemory(to: UInt8.self), with: decoder)
      }
    }
    return try result.get()
  }

  private static func decode(_ bytes: UnsafeBufferPointer<UInt8>, with decoder: tjhandle)
    throws(PictureError) -> Picture
  {
    var (width, height, subsampling, colours) = (Int32(0), Int32(0), Int32(0), Int32(0))
    guard
      tjDecompressHeader3(
        decoder, bytes.baseAddress, UInt(bytes.count), &width, &height, &subsampling, &colours) == 0
    else { throw .damaged(format: "JPEG", reason: message(of: decoder)) }
    try PictureDecoder.checkSize(height: Int(height), width: Int(width))
    let isGrey = colours == TJCS_GRAY.rawValue
    let shape = Shape(height: Int(height), width: Int(width), channels: isGrey ? 1 : 3)
    let format = isGrey ? TJPF_GRAY : TJPF_RGB
    var pixels = [UInt8](repeating: 0, count: shape.count)
    guard
      tjDecompress2(
        decoder, bytes.baseAddress, UInt(bytes.count), &pixels, width, 0, height,
        format.rawValue, 0) == 0
    else { throw .damaged(format: "JPEG", reason: message(of: decoder)) }
    return Picture(shape: shape, pixels: pixels)
  }

  private static func message(of decoder: tjhandle) -> String {
    tjGetErrorStr2(decoder).map { String(cString: $0) } ?? "unknown reason"
  }
}
