import Foundation

/// Reads files whole.
enum InputFile {
  /// The bytes of the file at `path`, read into memory.
  static func read(_ path: String) throws(FileError) -> Data {
    let (descriptor, _) = try open(path)
    defer { close(descriptor) }
    guard let bytes = FileDescriptor.readAll(from: descriptor) else {
      throw .failed(doing: .reading, path: path, reason: .last)
    }
    return bytes
  }

  /// The text of the file at `path`, without the byte order mark that some editors put in front; what isn't UTF-8 becomes U+FFFD.
  static func text(_ path: String) throws(FileError) -> String {
    let text = String(decoding: try read(path), as: UTF8.self)
    return String(text.unicodeScalars.trimmingPrefix(["\u{FEFF}"]))
  }

  /// The bytes of the file at `path`, mapped: pages are read when they are touched, and may be dropped again. What
  /// isn't a regular file (a pipe) is read. The file must not be shortened while the bytes are in use, which ends the
  /// process; files that are replaced, as `OutputFile` does, are safe.
  static func map(_ path: String) throws(FileError) -> Data {
    let (descriptor, status) = try open(path)
    defer { close(descriptor) }
    let byteCount = Int(status.st_size)
    if status.st_mode & S_IFMT == S_IFREG, byteCount > 0,
      let start = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
    {
      return Data(
        bytesNoCopy: start, count: byteCount, deallocator: .custom { munmap($0, $1) })
    }
    guard let bytes = FileDescriptor.readAll(from: descriptor) else {
      throw .failed(doing: .reading, path: path, reason: .last)
    }
    return bytes
  }

  /// Opens for reading anything but a folder.
  private static func open(_ path: String) throws(FileError) -> (descriptor: Int32, status: stat) {
    let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let reason = SystemError.last
      if reason.code == ENOENT { throw .missing(path: path) }
      throw .failed(doing: .reading, path: path, reason: reason)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let reason = SystemError.last
      close(descriptor)
      throw .failed(doing: .reading, path: path, reason: reason)
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      close(descriptor)
      throw .isFolder(path: path)
    }
    return (descriptor, status)
  }
}
