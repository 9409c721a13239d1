/// What one inference took, by record, as the instruction counter writes it, or an image that was made to count cycles:
///
///     cycles 257763 calls 1
///     part 2 cycles 75948 calls 12
struct ProfileCounts {
  /// What was counted.
  enum Unit: String {
    case instructions
    case cycles
  }

  let unit: Unit
  /// Of the whole inference.
  let total: Int
  /// By record.
  let parts: [Int: Int]

  /// Finds the counts among other lines: the last that have parts. Nil without any.
  init?(_ lines: [String]) {
    var last: (unit: Unit, count: Int)?
    var parts: [Int: Int] = [:]
    var found: ProfileCounts?
    for line in lines {
      let words = line.split(whereSeparator: \.isWhitespace)
      if let whole = Self.count(words[...]) {
        (last, parts) = (whole, [:])
      } else if let last, words.first == "part", words.count > 3, let index = Int(words[1]),
        let (unit, count) = Self.count(words[2...]), unit == last.unit
      {
        parts[index] = count
        found = ProfileCounts(unit: unit, total: last.count, parts: parts)
      }
    }
    guard let found else { return nil }
    self = found
  }

  private init(unit: Unit, total: Int, parts: [Int: Int]) {
    (self.unit, self.total, self.parts) = (unit, total, parts)
  }

  /// `cycles 257763 calls 1`, and whatever follows.
  private static func count(_ words: ArraySlice<Substring>) -> (unit: Unit, count: Int)? {
    guard words.count >= 4, let unit = Unit(rawValue: String(words[words.startIndex])),
      words[words.startIndex + 2] == "calls", let count = Int(words[words.startIndex + 1])
    else { return nil }
    return (unit, count)
  }
}
