import TinyRuntime

@testable import Export

/// The smallest arena of a small network, found by trying everything: orders of rows, heights of rings, places of
/// edges. It shares with the planner the records and what a step reads, and nothing else: no lives, no distances, no bounds.
struct BruteForce {
  /// Records with margins; ring heights don't count but 0, for what a pool took over.
  let records: [OpRecord]

  /// Whether edges with these ring heights, made in this order, fit in fewer than `limit` bytes (the walk's state left out),
  /// each at a multiple of 4.
  func fits(_ schedule: RowSchedule, below limit: Int) -> Bool {
    let edges = records.indices.filter { schedule.records[$0].bufferByteCount > 0 }
    var cache: [[Int]: Bool] = [:]
    func isAllowed(_ a: Int, _ offsetA: Int, _ b: Int, _ offsetB: Int) -> Bool {
      let key = [a, b, offsetB - offsetA]
      if let known = cache[key] { return known }
      let base = min(offsetA, offsetB)
      let isAllowed = works(schedule, [a: offsetA - base, b: offsetB - base])
      cache[key] = isAllowed
      return isAllowed
    }
    var offsets = [Int](repeating: 0, count: records.count)
    func place(_ count: Int) -> Bool {
      guard count < edges.count else { return true }
      let edge = edges[count]
      let size = schedule.records[edge].bufferByteCount
      // The last word that would make the arena end at `limit` or later is left out.
      for offset in stride(from: 0, to: limit - size, by: 4) where (offset + size + 3) & ~3 < limit
      {
        if edges[..<count].allSatisfy({ isAllowed($0, offsets[$0], edge, offset) }) {
          offsets[edge] = offset
          if place(count + 1) { return true }
        }
      }
      return false
    }
    return place(0)
  }

  /// Runs the schedule over an arena in which only these edges have a place: whether each byte read is what was written.
  private func works(_ schedule: RowSchedule, _ offsets: [Int: Int]) -> Bool {
    var bytes = [[Int]](repeating: [], count: 4_096)
    func region(_ edge: Int, _ row: Int, isValue: Bool) -> Range<Int>? {
      guard let offset = offsets[edge] else { return nil }
      let record = schedule.records[edge]
      if record.op.accumulates {
        return offset..<offset + (isValue ? 1 : 4) * record.channels
      }
      let start = offset + row % record.ringHeight * record.rowByteCount
      return start..<start + record.rowByteCount
    }
    func holds(_ edge: Int, _ row: Int, isValue: Bool = true) -> Bool {
      guard let region = region(edge, row, isValue: isValue) else { return true }
      return region.allSatisfy { bytes[$0] == [edge, row] }
    }
    for step in schedule.steps {
      let run = schedule.runs[step.index]
      let row = run.op.accumulates ? 0 : step.number
      let written = region(step.index, row, isValue: false) ?? 0..<0
      for input in run.inputs {
        let isSum = schedule.records[input].op.accumulates
        let rows = run.rows(ofInput: schedule.records[input], atStep: step.number)
        for inputRow in isSum && !rows.isEmpty ? 0..<1 : rows {
          guard holds(input, inputRow) else { return false }
          let read = region(input, inputRow, isValue: true) ?? 0..<0
          if read.overlaps(written) {
            let isAlike =
              schedule.records[input].marginLeft == schedule.records[step.index].marginLeft
            guard run.op == .add || run.op == .softmax, read == written, isAlike else {
              return false
            }
          }
        }
      }
      if run.op.accumulates, step.number > 0, !holds(step.index, 0, isValue: false) { return false }
      for byte in written { bytes[byte] = [step.index, row] }
    }
    let last = records.count - 1
    return (0..<(records[last].op.accumulates ? 1 : records[last].paddedHeight))
      .allSatisfy { holds(last, $0) }
  }

  /// Every schedule that the walk's rule leads to, one for each choice of ring heights that suffices.
  func forEachWalk(_ body: (RowSchedule) -> Void) {
    var heights = records.map { $0.isFolded ? 0 : 1 }
    heights[records.count - 1] = records[records.count - 1].paddedHeight
    while true {
      var records = records
      for index in records.indices { records[index].ringHeight = heights[index] }
      let walk = RowSchedule(walking: records)
      if isSufficient(walk) { body(walk) }
      var index = 0
      while index < records.count - 1,
        heights[index] == 0 || heights[index] == records[index].paddedHeight
      {
        heights[index] = heights[index] == 0 ? 0 : 1
        index += 1
      }
      guard index < records.count - 1 else { return }
      heights[index] += 1
    }
  }

  /// Whether no row is overwritten in its ring before it is read.
  private func isSufficient(_ schedule: RowSchedule) -> Bool {
    var made = [Int](repeating: 0, count: records.count)
    for step in schedule.steps {
      let run = schedule.runs[step.index]
      for input in run.inputs where !records[input].op.accumulates {
        let rows = run.rows(ofInput: records[input], atStep: step.number)
        if !rows.isEmpty, rows.lowerBound < made[input] - schedule.records[input].ringHeight {
          return false
        }
      }
      made[step.index] += 1
    }
    return true
  }
}

/// All orders in which the rows of a network can be made.
extension BruteForce {
  /// The rows of each edge that someone reads, and the steps that takes.
  private var stepCounts: [Int] {
    let schedule = RowSchedule(records, steps: [])
    var counts = records.map { _ in 0 }
    let last = records.count - 1
    counts[last] = records[last].stepCount(input: records[records[last].input])
    for index in records.indices.reversed() where counts[index] > 0 {
      let run = schedule.runs[index]
      for step in 0..<counts[index] {
        for input in run.inputs {
          let rows = run.rows(ofInput: records[input], atStep: step)
          guard !rows.isEmpty else { continue }
          let source = records[records[input].input]
          counts[input] = max(
            counts[input],
            records[input].op.accumulates
              ? records[input].stepCount(input: source) : rows.upperBound)
        }
      }
    }
    return counts
  }

  /// Calls `body` with every order in which at no step more than `limit - 1` bytes are needed.
  /// - Parameters:
  ///   - limit: bytes.
  ///   - most: at most so many orders.
  ///   - body: says whether to stop.
  /// - Returns: whether these were all.
  func forEachOrder(below limit: Int, most: Int, _ body: (RowSchedule) -> Bool) -> Bool {
    let counts = stepCounts
    let runs = RowSchedule(records, steps: []).runs
    var dead: Set<[Int]> = []
    var steps: [RowSchedule.Step] = []
    var made = records.map { _ in 0 }
    var orders = 0
    var isDone = false
    // The first row that a step from number `step` on needs.
    func oldest(_ input: Int) -> Int {
      var oldest = Int.max
      for reader in records.indices where runs[reader].inputs.contains(input) {
        for step in made[reader]..<max(made[reader], counts[reader]) {
          let rows = runs[reader].rows(ofInput: records[input], atStep: step)
          if !rows.isEmpty {
            oldest = min(oldest, rows.lowerBound)
            break
          }
        }
      }
      return oldest
    }
    func bytes(_ index: Int) -> Int {
      let record = records[index]
      if index == records.count - 1 {
        if record.op.accumulates {
          return made[index] == counts[index]
            ? record.channels : made[index] > 0 ? 4 * record.channels : 0
        }
        return made[index] * record.rowByteCount
      }
      let oldest = oldest(index)
      if record.op.accumulates {
        if made[index] < counts[index] { return made[index] > 0 ? 4 * record.channels : 0 }
        return oldest == .max ? 0 : record.channels
      }
      return oldest == .max ? 0 : max(0, made[index] - oldest) * record.rowByteCount
    }
    func canStep(_ index: Int) -> Bool {
      guard made[index] < counts[index] else { return false }
      return runs[index].inputs.allSatisfy { input in
        let rows = runs[index].rows(ofInput: records[input], atStep: made[index])
        if rows.isEmpty { return true }
        return records[input].op.accumulates
          ? made[input] == counts[input] : made[input] >= rows.upperBound
      }
    }
    /// Whether some order from here on fits.
    func search() -> Bool {
      if isDone { return true }
      if made == counts {
        orders += 1
        if orders > most || body(RowSchedule(records, steps: steps)) { isDone = true }
        return true
      }
      guard !dead.contains(made) else { return false }
      var isAlive = false
      for index in records.indices where canStep(index) {
        // While a step is taken, its inputs and its output are there.
        var needed = records.indices.reduce(0) { $0 + bytes($1) }
        if runs[index].op == .add || runs[index].op == .softmax {
          // In place.
        } else if !runs[index].op.accumulates {
          needed += records[index].rowByteCount
        } else if made[index] == 0 {
          needed += 4 * records[index].channels
        }
        guard needed < limit else { continue }
        steps.append(RowSchedule.Step(index: index, number: made[index]))
        made[index] += 1
        if records.indices.reduce(0, { $0 + bytes($1) }) < limit, search() { isAlive = true }
        made[index] -= 1
        steps.removeLast()
      }
      if !isAlive { dead.insert(made) }
      return isAlive
    }
    _ = search()
    return orders <= most
  }
}
