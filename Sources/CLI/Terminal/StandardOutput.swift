import Foundation

/// Results go to standard output.
enum StandardOutput {
  /// Writes all of `text`.
  /// - Throws: `Failure` where it can't be written: a full disk, a closed pipe. A result that got lost is not success.
  static func write(_ text: String) throws(Failure) {
    guard FileDescriptor.writeAll(Data(text.utf8), to: STDOUT_FILENO) == 0 else {
      throw Failure("cannot write to standard output: \(SystemError.last)")
    }
  }

  /// Writes `line` and a line end.
  static func line(_ line: String) throws(Failure) { try write(line + "\n") }
}
