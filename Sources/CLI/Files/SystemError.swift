import Foundation

/// The operating system's words for a failed call.
struct SystemError: Hashable, CustomStringConvertible {
  /// The value of `errno`.
  let code: Int32

  /// The error of the call that just failed.
  static var last: SystemError { SystemError(code: errno) }

  /// Such as `No space left on device`.
  var description: String { String(cString: strerror(code)) }
}
