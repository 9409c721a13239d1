/// What the small text formats share: taking lines apart, and guessing what was meant.
package enum Words {
  /// A text without the blanks around it.
  package static func trimmed(_ text: some StringProtocol) -> String {
    guard let first = text.firstIndex(where: { !$0.isWhitespace }),
      let last = text.lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(text[first...last])
  }

  /// What comes after so many letters of a word counts no more: nobody means it.
  private static let longest = 64

  /// The begin of a text that may be of any length, for a message.
  package static func short(_ text: String) -> String {
    text.count > longest ? text.prefix(longest) + "…" : text
  }

  /// The candidate that the fewest insertions, deletions and replacements away from `word`; the
  /// first of equals.
  /// - Precondition: there is a candidate.
  package static func nearest(to word: String, in candidates: [String]) -> String {
    var nearest = candidates[0]
    var least = Int.max
    for candidate in candidates {
      let distance = distance(Array(word.prefix(longest)), Array(candidate.prefix(longest)))
      if distance < least { (nearest, least) = (candidate, distance) }
    }
    return nearest
  }

  /// The edit distance of two words (Levenshtein, 1965).
  private static func distance(_ first: [Character], _ second: [Character]) -> Int {
    var row = Array(0...second.count)
    for (index, character) in first.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for other in second.indices {
        let replaced = diagonal + (character == second[other] ? 0 : 1)
        diagonal = row[other + 1]
        row[other + 1] = min(replaced, diagonal + 1, row[other] + 1)
      }
    }
    return row[second.count]
  }
}
