import Search

/// What a search's results follow from. A folder has one search's results only.
struct SearchSettings: Hashable {
  var seed: UInt64
  /// Of the last rung.
  var epochs: Int
  /// The first rung has at least so many.
  var leastEpochs: Int
  var eta: Int
  var budget: Budget
  var share: Share
  /// The space's whole text.
  var space: String
  /// The pictures, in words and by a checksum.
  var data: String

  /// How trials are promoted.
  var halving: Halving { Halving(epochs: epochs, minimum: leastEpochs, eta: eta) }

  private static let none = "none"
  private static let shareOption = "--shard"
  private static let spaceOption = "--space"

  /// The option that each follows from, and its value.
  var entries: [(option: String, value: String)] {
    func text(_ bound: Int?) -> String { bound.map { "\($0)" } ?? Self.none }
    return [
      ("--seed", "\(seed)"), ("--epochs", "\(epochs)"), ("--min-epochs", "\(leastEpochs)"),
      ("--eta", "\(eta)"), ("--budget-flash", text(budget.fileBytes)),
      ("--budget-ram", text(budget.ramBytes)), ("--budget-macs", text(budget.macs)),
      (Self.shareOption, "\(share)"), ("--data", data), (Self.spaceOption, space),
    ]
  }

  /// Reads them back; nil if something is missing.
  init?(values: [String: String]) {
    func number(_ option: String) -> Int? { values[option].flatMap { Int($0) } }
    guard let seed = values["--seed"].flatMap({ UInt64($0) }), let epochs = number("--epochs"),
      let leastEpochs = number("--min-epochs"), let eta = number("--eta"), eta >= 2, epochs >= 1,
      (1...epochs).contains(leastEpochs),
      let share = values[Self.shareOption].flatMap({ Share($0) }), let data = values["--data"],
      let space = values[Self.spaceOption]
    else { return nil }
    self.init(
      seed: seed, epochs: epochs, leastEpochs: leastEpochs, eta: eta,
      budget: Budget(
        fileBytes: number("--budget-flash"), ramBytes: number("--budget-ram"),
        macs: number("--budget-macs")),
      share: share, space: space, data: data)
  }

  init(
    seed: UInt64, epochs: Int, leastEpochs: Int, eta: Int, budget: Budget, share: Share,
    space: String, data: String
  ) {
    self.seed = seed
    self.epochs = epochs
    self.leastEpochs = leastEpochs
    self.eta = eta
    self.budget = budget
    self.share = share
    self.space = space
    self.data = data
  }

  /// Compares with another search; with `ignoringShare`, shares of one search count as equal.
  /// - Returns: the first option that differs, as `--eta 3, not 4`; nil if there is none.
  func difference(from other: SearchSettings, ignoringShare: Bool = false) -> String? {
    for (mine, others) in zip(entries, other.entries) where mine.value != others.value {
      if ignoringShare, mine.option == Self.shareOption { continue }
      guard mine.option == Self.spaceOption else {
        return "\(mine.option) \(mine.value), not \(others.value)"
      }
      let (line, otherLine) = Self.firstDifference(mine.value, others.value)
      return "a --space of '\(line)', not '\(otherLine)'"
    }
    return nil
  }

  /// The first lines that differ; empty for a line that isn't there.
  private static func firstDifference(_ one: String, _ other: String) -> (String, String) {
    let (lines, others) = (one.split(separator: "\n"), other.split(separator: "\n"))
    for index in 0..<max(lines.count, others.count) {
      let line = index < lines.count ? String(lines[index]) : ""
      let otherLine = index < others.count ? String(others[index]) : ""
      if line != otherLine { return (line, otherLine) }
    }
    return ("", "")
  }
}
