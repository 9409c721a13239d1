/// A command as a POSIX shell reads it: to be pasted.
struct ShellCommand: CustomStringConvertible {
  private let words: [String]

  /// A command of these words.
  init(_ words: [String]) { self.words = words }

  var description: String { words.map(Self.quoted).joined(separator: " ") }

  private static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.unicodeScalars.allSatisfy {
        $0.isASCII
          && ($0.properties.isAlphabetic || "0123456789_-+./:=@%,".unicodeScalars.contains($0))
      }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
