import TinyRuntime

/// What a network leaves a plan to choose, and what follows from a choice: margins, ring heights, the order of rows.
///
/// A choice is a list of digits, each below its radix; 0 is what is preferred where it makes no difference.
struct Choices {
  /// One thing to choose.
  private enum Kind {
    /// 1: the edge keeps all its rows, which decides the order of rows.
    case whole(Int)
    /// 1: the max pool behind it does not take it over.
    case stored(Int)
    /// n: the ring has n rows more than it needs, where that doesn't make it whole. Another rhythm can fit better.
    case spare(Int)
    /// n > 0: the edge is laid out like the op's input n - 1, so that it can be written over that.
    case likeInput(Int)
  }

  /// Records with margins, and unbounded rings.
  private var records: [OpRecord]
  private var kinds: [Kind] = []
  /// How many values each digit has.
  private(set) var radices: [Int] = []
  /// How many digits come before those that choose spare rows.
  private(set) var mainCount = 0
  private let goal: Goal

  /// A ring height that no edge has: of an edge that keeps what it needs, not known yet how much that is.
  private static let unbounded = 0xFFFF

  /// The choices that `goal` leaves.
  init(_ records: [OpRecord], for goal: Goal) {
    self.records = records
    self.goal = goal
    for index in records.indices { self.records[index].ringHeight = Self.unbounded }
    setMargins()
    for index in records.indices {
      if goal == .ram {
        if canFold(index) { add(.stored(index), radix: 2) }
        if index < records.count - 1, !records[index].op.accumulates {
          add(.whole(index), radix: 2)
        }
      }
      if records[index].op.worksInPlace, !records[index].inputs.contains(where: cannotShare) {
        add(.likeInput(index), radix: 1 + records[index].inputs.count)
      }
    }
    mainCount = kinds.count
    for index in records.indices.dropLast() where goal == .ram && !records[index].op.accumulates {
      add(.spare(index), radix: 3)
    }
  }

  private mutating func add(_ kind: Kind, radix: Int) {
    kinds.append(kind)
    radices.append(radix)
  }

  /// An edge without rows to lay out.
  private func cannotShare(_ index: Int) -> Bool { records[index].op.accumulates }

  /// Whether a max pool whose windows don't overlap stands behind a convolution that nothing else reads.
  private func canFold(_ index: Int) -> Bool {
    let readers = records.indices.filter { records[$0].inputs.contains(index) }
    guard records[index].op.canFold, readers == [index + 1] else { return false }
    let pool = records[index + 1]
    return pool.op == .maxPool2D && pool.strideVertical >= pool.kernelHeight
      && pool.strideHorizontal >= pool.kernelWidth
      && max(pool.kernelHeight, pool.kernelWidth) <= ModelFormat.foldedPoolExtent
  }

  /// Gives each edge the margin that the most demanding of its readers needs.
  private mutating func setMargins() {
    for index in records.indices where records[index].op.hasWindow {
      let record = records[index]
      let input = records[record.input]
      let bottom =
        (record.height - 1) * record.strideVertical + record.kernelHeight - record.paddingTop
        - input.height
      let right =
        (record.width - 1) * record.strideHorizontal + record.kernelWidth - record.paddingLeft
        - input.width
      records[record.input].marginTop = max(input.marginTop, record.paddingTop)
      records[record.input].marginBottom = max(input.marginBottom, bottom)
      records[record.input].marginLeft = max(input.marginLeft, record.paddingLeft)
      records[record.input].marginRight = max(input.marginRight, right)
    }
  }

  /// The schedule that a choice leads to, with the fewest rows in each ring.
  ///
  /// Which edges are whole decides the order of the walk, and the order decides how many rows must be kept; an edge
  /// that turns out to need all its rows becomes whole, and the walk is simulated again. Edges only ever become
  /// whole, so that it ends.
  func schedule(for choice: [Int]) -> RowSchedule {
    var records = records
    var likes: [(edge: Int, input: Int)] = []
    // The picture streams where that costs nothing.
    var isWhole = records.map { goal == .speed && $0.op != .input || $0.op.accumulates }
    var isFolded = records.indices.map { goal == .speed && canFold($0) }
    var spare = records.map { _ in 0 }
    isWhole[records.count - 1] = true
    for (kind, digit) in zip(kinds, choice) {
      switch kind {
      case .whole(let index): isWhole[index] = digit == 1
      case .stored(let index): isFolded[index] = digit == 0
      case .spare(let index): spare[index] = digit
      case .likeInput(let index):
        if digit > 0 { likes.append((index, records[index].inputs[digit - 1])) }
      }
    }
    for index in records.indices where isFolded[index] { records[index].ringHeight = 0 }
    // Backwards, so that a chain of sums takes the margins of its last one.
    for (edge, input) in likes.reversed() { records.joinMargins(edge, input) }
    for (edge, input) in likes { records.joinMargins(edge, input) }
    for index in records.indices where isWhole[index] && !isFolded[index] {
      records[index].ringHeight = records[index].paddedHeight
    }
    while true {
      let schedule = RowSchedule(walking: records)
      var needed = schedule.neededRingHeights()
      for (edge, input) in likes {
        let rows = max(needed[edge], needed[input], schedule.sharedRingHeight(edge, over: input))
        (needed[edge], needed[input]) = (rows, rows)
      }
      var isSettled = true
      for index in records.indices where records[index].ringHeight == Self.unbounded {
        if needed[index] >= records[index].paddedHeight {
          records[index].ringHeight = records[index].paddedHeight
          isSettled = false
        }
      }
      guard isSettled else { continue }
      for index in records.indices where records[index].ringHeight == Self.unbounded {
        records[index].ringHeight = min(
          needed[index] + spare[index], records[index].paddedHeight - 1)
      }
      return RowSchedule(records, steps: schedule.steps)
    }
  }
}

extension [OpRecord] {
  /// Gives two edges one margin that does for both.
  fileprivate mutating func joinMargins(_ first: Int, _ second: Int) {
    let (a, b) = (self[first], self[second])
    for index in [first, second] {
      self[index].marginTop = Swift.max(a.marginTop, b.marginTop)
      self[index].marginBottom = Swift.max(a.marginBottom, b.marginBottom)
      self[index].marginLeft = Swift.max(a.marginLeft, b.marginLeft)
      self[index].marginRight = Swift.max(a.marginRight, b.marginRight)
    }
  }
}

extension RowSchedule {
  /// The rows of a ring in which each row of `edge` can take the place of the row of `input` it is made from.
  fileprivate func sharedRingHeight(_ edge: Int, over input: Int) -> Int {
    let lives = lives()
    var rows = 1
    for (row, life) in lives[input].enumerated() {
      for (other, earlier) in lives[edge].prefix(row).enumerated()
      where earlier.first < life.first && earlier.last >= life.first {
        rows = max(rows, row - other + 1)
        break
      }
    }
    return rows
  }
}
