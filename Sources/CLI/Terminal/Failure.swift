/// Why a command could not do its work, in one line for a person.
struct Failure: Error, Hashable, CustomStringConvertible {
  /// One line, without "error:" in front and full stop at the end.
  let description: String

  /// Creates a failure; line ends in `message` become spaces.
  init(_ message: String) {
    description = message.split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}
