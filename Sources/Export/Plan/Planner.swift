import TinyRuntime

/// Plans the arena of a quantized network: tries choices (which edges are whole, which convolutions a pool takes over, which edges
/// are laid out alike), places the edges for each, and keeps the smallest arena.
struct Planner {
  private let choices: Choices
  private var best: (schedule: RowSchedule, placement: Placement)?
  /// What each choice tried came to, in words; of those given up early, at least that.
  private var results: [[Int]: Int] = [:]

  /// Plans for `goal`.
  /// - Throws: `ExportError.overlap` where the proof fails, which would be a bug here.
  static func plan(
    _ network: QuantizedNetwork, names: [String], for goal: Goal
  ) throws(ExportError) -> Plan {
    let (schedule, placement) = search(network.nodes.map(\.record), for: goal)
    let plan = Plan(schedule.records, offsets: placement.offsets)
    // The walk once more, over the rings as they will be stored.
    try ShadowMemory.prove(plan, RowSchedule(walking: schedule.records), names: names)
    return plan
  }

  /// The best schedule and placement for records without margins or rings.
  static func search(_ records: [OpRecord], for goal: Goal) -> (RowSchedule, Placement) {
    // All choices lead to a placement, so there is a best.
    Planner(records, for: goal).best!
  }

  /// The most choices that are all tried.
  private static let exhaustiveLimit = 3_000
  /// How many choices to go on from.
  private static let startCount = 4
  /// How many of the best choices are placed thoroughly where not all were tried.
  private static let thoroughLimit = 64

  private init(_ records: [OpRecord], for goal: Goal) {
    choices = Choices(records, for: goal)
    let isSmall = tryAll(choices.radices.count)
    if !isSmall, tryAll(choices.mainCount) {
      for (choice, _) in ranking.prefix(Self.startCount) { climb(from: choice) }
    } else if !isSmall {
      climb(from: choices.radices.map { _ in 0 })
      let isMain = choices.radices.indices.map { $0 < choices.mainCount }
      climb(from: zip(choices.radices, isMain).map { $1 ? $0 - 1 : 0 })
    }
    for (choice, _) in isSmall ? ranking[...] : ranking.prefix(Self.thoroughLimit) {
      place(choices.schedule(for: choice), .thorough)
    }
  }

  /// Tries every value of the first `count` digits, the others 0, where those are few enough.
  private mutating func tryAll(_ count: Int) -> Bool {
    let radices = choices.radices[..<count]
    let product = radices.reduce(1) { min($0 * $1, Self.exhaustiveLimit + 1) }
    guard product <= Self.exhaustiveLimit else { return false }
    for number in 0..<product {
      var rest = number
      let digits = radices.reversed().map { radix in
        defer { rest /= radix }
        return rest % radix
      }
      let others = [Int](repeating: 0, count: choices.radices.count - count)
      tryQuickly(digits.reversed() + others)
    }
    return true
  }

  /// The choices tried, the best first.
  private var ranking: [(key: [Int], value: Int)] {
    results.sorted {
      $0.value != $1.value ? $0.value < $1.value : $0.key.lexicographicallyPrecedes($1.key)
    }
  }

  /// Changes one digit at a time, always the one that helps most, as long as one does.
  private mutating func climb(from start: [Int]) {
    var choice = start
    var value = tryQuickly(start)
    while true {
      var better: (choice: [Int], value: Int)?
      for index in choice.indices {
        for digit in 0..<choices.radices[index] where digit != choice[index] {
          var changed = choice
          changed[index] = digit
          let result = tryQuickly(changed)
          if result < better?.value ?? value { better = (changed, result) }
        }
      }
      guard let better else { return }
      (choice, value) = better
    }
  }

  /// Where a choice ends, by a few orders of placing.
  @discardableResult
  private mutating func tryQuickly(_ choice: [Int]) -> Int {
    if let result = results[choice] { return result }
    let result = place(choices.schedule(for: choice), .quick)
    results[choice] = result
    return result
  }

  /// Places a schedule's edges and keeps the placement where it is the best.
  /// - Returns: where it ends, in words.
  @discardableResult
  private mutating func place(_ schedule: RowSchedule, _ effort: Placement.Effort) -> Int {
    let conflicts = Conflicts(schedule)
    let limit = best?.placement.end ?? .max
    if effort == .thorough, conflicts.lowerBound >= limit { return limit }
    let placement = Placement(conflicts, below: limit, effort)
    if placement.end < limit { best = (schedule, placement) }
    return placement.end
  }
}
