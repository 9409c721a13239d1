import Foundation

/// Calls on open files that must be repeated until all is done.
enum FileDescriptor {
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

  /// Reads to the end.
  /// - Returns: The bytes, or nil with the reason in `errno`.
  static func readAll(from descriptor: Int32) -> Data? {
    var bytes = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { return nil }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<count])
    }
  }
}
