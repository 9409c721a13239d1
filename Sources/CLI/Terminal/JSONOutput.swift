import Foundation

/// The result of `--json`.
enum JSONOutput {
  /// Writes `value` to standard output: one object, keys sorted, and a line end.
  /// - Throws: `Failure` where a number is not finite, or standard output can't be written to.
  static func write(_ value: some Encodable) throws(Failure) {
    try StandardOutput.line(try text(of: value))
  }

  /// `value` as one JSON object, keys sorted, indented.
  static func text(of value: some Encodable) throws(Failure) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      throw Failure("the result is no JSON: a number in it is not finite")
    }
  }
}
