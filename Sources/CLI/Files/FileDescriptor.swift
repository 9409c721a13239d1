import Foundation

/// Calls on open files that must be repeated until all is done.
enum FileDescriptor {
  /// Makes sure that files opened later aren't taken for standard input, output or error where one of these is closed: what takes
  /// its place can't be read or written either.
  static func holdStandardPlaces() {
    for (place, access) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY),
    ]
    where fcntl(place, F_GETFD) < 0 && errno == EBADF {
      // The lowest number that is free, which is this place.
      _ = open("/dev/null", access)
    }
  }

  /// Writes all bytes.
  /// - Returns: 0, or -1 with the reason in `errno`.
  static func writeAll(_ bytes: Data, to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let written = Foundation.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if written < 0 && errno == EINTR { continue }
        if written < 0 { return -1 }
        rest = rest.dropFirst(written)
      }
      return 0
    }
  }

  /// What has no end, as `/dev/zero`, is read to here, in bytes.
  private static let limit = 1 << 30

  /// Reads to the end.
  /// - Returns: The bytes, or nil with the reason in `errno`, `EFBIG` for more than 1 GiB.
  static func readAll(from descriptor: Int32) -> Data? {
    var bytes = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { return nil }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<count])
      if bytes.count > limit {
        errno = EFBIG
        return nil
      }
    }
  }
}
