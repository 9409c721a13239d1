/// Why a text is not a search space. The description is one line.
public enum SpaceError: Error, Hashable, Sendable {
  /// A line that isn't `key = values`.
  case form(line: Int, found: String)
  /// A key that doesn't exist; the nearest that does, and all that do.
  case unknownKey(line: Int, found: String, nearest: String, keys: [String])
  /// A key that the search decides on itself.
  case reservedKey(line: Int, key: String, why: String)
  /// A key twice.
  case repeatedKey(line: Int, key: String)
  /// No value, or nothing between two commas.
  case emptyChoice(line: Int, key: String)
  /// A value that the key doesn't take.
  case value(line: Int, key: String, expected: String, found: String)
  /// A range that can't be drawn from.
  case range(line: Int, key: String, expected: String, found: String)
}

extension SpaceError: CustomStringConvertible {
  /// One line for people.
  public var description: String {
    switch self {
    case .form(let line, let found):
      "space line \(line): expected key = values, found '\(found)'"
    case .unknownKey(let line, let found, let nearest, let keys):
      "space line \(line): unknown key '\(found)', did you mean '\(nearest)'? "
        + "The keys are \(keys.joined(separator: ", "))"
    case .reservedKey(let line, let key, let why):
      "space line \(line): \(key) is not searched for: \(why)"
    case .repeatedKey(let line, let key):
      "space line \(line): \(key) was given before"
    case .emptyChoice(let line, let key):
      "space line \(line): \(key) has an empty choice; expected values between commas, or FIRST .. LAST"
    case .value(let line, let key, let expected, let found):
      "space line \(line): \(key) takes \(expected), found '\(found)'"
    case .range(let line, let key, let expected, let found):
      "space line \(line): the range of \(key) must be \(expected), found '\(found)'"
    }
  }
}
