/// Why a text is not a network. The description is one line.
public enum NetworkTextError: Error, Hashable, Sendable {
  /// A line that can't be read: what was expected in its place, and what was found.
  case line(Int, expected: String, found: String)
  /// A word that doesn't exist: of which kind, and the nearest that does.
  case unknown(line: Int, what: String, found: String, nearest: String)
  /// A layer that reads one which its own or a later line names.
  case notEarlier(line: Int, name: String, namedBy: Int)
  /// An option twice in a line.
  case repeated(line: Int, option: String)
  /// No `input` line before the end.
  case noInput
  /// A layer that the lines before it don't allow.
  case network(line: Int, NetworkError)
  /// No layer.
  case empty
}

extension NetworkTextError: CustomStringConvertible {
  /// One line for people.
  public var description: String {
    switch self {
    case .line(let line, let expected, let found):
      "network line \(line): expected \(expected), found '\(Words.short(found))'"
    case .unknown(let line, let what, let found, let nearest):
      "network line \(line): unknown \(what) '\(Words.short(found))', did you mean '\(nearest)'?"
    case .notEarlier(let line, let name, let other):
      "network line \(line): expected a layer of an earlier line, found '\(Words.short(name))' of line \(other)"
    case .repeated(let line, let option):
      "network line \(line): \(option) was given before"
    case .noInput:
      "network text: expected a first line 'input HEIGHTxWIDTHxCHANNELS', found none"
    case .network(let line, let error): "network line \(line): \(error)"
    case .empty: "network text: expected a layer after the input, found none"
    }
  }
}
