import Foundation

/// A stream that may be a terminal.
struct Terminal: Hashable {
  /// The open file.
  let descriptor: Int32

  /// Where results go.
  static let output = Terminal(descriptor: STDOUT_FILENO)
  /// Where progress and warnings go.
  static let error = Terminal(descriptor: STDERR_FILENO)

  /// Whether a person may be looking; a `TERM` of `dumb` can't redraw a line and doesn't count.
  var isInteractive: Bool {
    isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// The number of columns now; 80 where it isn't known.
  var width: Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
