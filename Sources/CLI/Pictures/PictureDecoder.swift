import Foundation

/// Reads a picture in whatever format its first bytes say.
enum PictureDecoder {
  /// The most pixels that are decoded: a header of a few bytes must not cost gigabytes.
  static let pixelLimit = 1 << 26

  /// The endings of file names that are taken for pictures in a data folder, in lower case.
  static let pathExtensions: Set<String> = ["png", "jpg", "jpeg"]

  /// Decodes PNG or JPEG.
  static func decode(_ file: Data) throws(PictureError) -> Picture {
    if file.isEmpty { throw .empty }
    if file.starts(with: PNGFormat.signature) { return try PNGFormat.decode(file) }
    if file.starts(with: JPEGFormat.signature) { return try JPEGFormat.decode(file) }
    throw .unknownFormat
  }

  /// Reads and decodes the picture at `path`.
  /// - Throws: `FileError`, or a `Failure` that names the file.
  static func read(_ path: String) throws -> Picture {
    let file = try InputFile.read(path)
    do {
      return try decode(file)
    } catch {
      throw Failure("\(path): \(error)")
    }
  }

  /// Refuses sizes that are not decoded.
  static func checkSize(height: Int, width: Int) throws(PictureError) {
    guard height > 0, width > 0 else { throw .noPixels(height: height, width: width) }
    let (count, overflow) = height.multipliedReportingOverflow(by: width)
    if overflow || count > pixelLimit {
      throw .tooLarge(height: height, width: width, limit: pixelLimit)
    }
  }
}
