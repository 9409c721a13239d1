import Foundation

/// Progress, warnings and errors go to standard error.
enum StandardError {
  /// Writes `text`; there is nobody to tell when that fails.
  static func write(_ text: String) {
    _ = FileDescriptor.writeAll(Data(text.utf8), to: STDERR_FILENO)
  }

  /// Writes one line of warning.
  static func warn(_ warning: String) { write("thimble: warning: \(warning)\n") }

  /// Writes one line that informs.
  static func note(_ note: String) { write("thimble: \(note)\n") }
}
