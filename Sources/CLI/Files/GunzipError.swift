/// Why bytes can't be unpacked.
enum GunzipError: Error, Hashable, CustomStringConvertible {
  /// They don't begin as a gzip file.
  case notGzip
  /// They end before the packed data does.
  case truncated(byteCount: Int)
  /// They aren't what was packed; `offset` is near the place, in bytes.
  case damaged(offset: Int)
  /// They unpack to more than the limit.
  case tooLarge(limit: Int)
  /// zlib has no memory.
  case outOfMemory

  /// One line.
  var description: String {
    switch self {
    case .notGzip: "not a gzip file"
    case .truncated(let count): "gzip file cut short after \(count) bytes"
    case .damaged(let offset): "damaged gzip file near byte \(offset)"
    case .tooLarge(let limit): "unpacks to more than \(limit) bytes"
    case .outOfMemory: "no memory to unpack"
    }
  }
}
