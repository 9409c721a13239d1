import CPNG
import Foundation
import Network

/// PNG through libpng's simplified interface, in which errors are values: no `longjmp` crosses Swift.
enum PNGFormat {
  /// The first bytes of every PNG file.
  static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// Decodes any PNG: palettes become colours, 16 bits become 8, small depths are spread to 8 bits; alpha stays.
  static func decode(_ file: Data) throws(PictureError) -> Picture {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    defer { png_image_free(&image) }
    // libpng reads from the bytes until the picture is finished.
    let result: Result<Picture, PictureError> = file.withUnsafeBytes { bytes in
      Result { () throws(PictureError) in try decode(bytes, with: &image) }
    }
    return try result.get()
  }

  private static func decode(_ bytes: UnsafeRawBufferPointer, with image: inout png_image)
    throws(PictureError) -> Picture
  {
    guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0 else {
      throw .damaged(format: "PNG", reason: message(of: image))
    }
    let (height, width) = (Int(image.height), Int(image.width))
    try PictureDecoder.checkSize(height: height, width: width)
    image.format &= UInt32(PNG_FORMAT_FLAG_ALPHA | PNG_FORMAT_FLAG_COLOR)
    let shape = Shape(height: height, width: width, channels: Int(image.format) + 1)
    var pixels = [UInt8](repeating: 0, count: shape.count)
    guard png_image_finish_read(&image, nil, &pixels, Int32(width * shape.channels), nil) != 0
    else { throw .damaged(format: "PNG", reason: message(of: image)) }
    return Picture(shape: shape, pixels: pixels)
  }

  /// Encodes `picture` as 8-bit grey or colour, alpha included.
  static func encode(_ picture: Picture) -> Data {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    image.width = UInt32(picture.shape.width)
    image.height = UInt32(picture.shape.height)
    image.format = UInt32(picture.shape.channels - 1)
    let stride = Int32(picture.shape.width * picture.shape.channels)
    // Never more than the pixels, deflate's own overhead, and the chunks around them.
    var byteCount = picture.shape.count * 2 + picture.shape.height * 16 + 4096
    var file = Data(count: byteCount)
    let isDone = file.withUnsafeMutableBytes { buffer in
      png_image_write_to_memory(
        &image, buffer.baseAddress, &byteCount, 0, picture.pixels, stride, nil)
    }
    precondition(isDone != 0, "a picture of 8-bit pixels always has a PNG")
    return file.prefix(byteCount)
  }

  private static func message(of image: png_image) -> String {
    withUnsafeBytes(of: image.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
