import TinyRuntime

/// Where the edges of a schedule must not lie beside each other. All places and sizes are in words of 4 bytes, since every edge
/// begins at a multiple of 4: sums need it, and rows are faster to read.
struct Conflicts {
  /// The size of each edge's buffer.
  let sizes: [Int]
  /// `forbidden[a][b]`: the distances from where a begins to where b does at which one overwrites what the other still
  /// needs. Sorted, apart.
  let forbidden: [[[ClosedRange<Int>]]]
  /// No placement takes less: the most that lives at one step.
  let lowerBound: Int

  init(_ schedule: RowSchedule) {
    let records = schedule.records
    let lives = schedule.lives()
    sizes = records.map { ($0.bufferByteCount + 3) / 4 }
    var forbidden = [[[ClosedRange<Int>]]](
      repeating: [[ClosedRange<Int>]](repeating: [], count: records.count), count: records.count)
    for a in records.indices {
      for b in records.indices where b > a {
        let ranges = Self.forbidden(schedule, lives, a, b)
        forbidden[a][b] = ranges
        forbidden[b][a] = ranges.reversed().map { -$0.upperBound ... -$0.lowerBound }
      }
    }
    self.forbidden = forbidden
    lowerBound = Self.lowerBound(schedule, lives)
  }

  private static func forbidden(
    _ schedule: RowSchedule, _ lives: [[RowSchedule.Life]], _ a: Int, _ b: Int
  ) -> [ClosedRange<Int>] {
    let (first, second) = (schedule.records[a], schedule.records[b])
    guard let ends = (lives[a].map(\.last).max()), let starts = lives[b].first?.first,
      let begins = lives[a].first?.first, let otherEnds = lives[b].map(\.last).max(),
      starts <= ends, begins <= otherEnds
    else { return [] }
    var ranges: Set<ClosedRange<Int>> = []
    let isLikeLaid = first.marginLeft == second.marginLeft && first.channels == second.channels
    for life in lives[a] {
      for other in lives[b] where life.first <= other.last {
        if other.first > life.last { break }
        // Forbidden: the distances between these two, in bytes, both left out.
        let low = life.start - other.start - other.byteCount
        let high = life.start + life.byteCount - other.start
        let (least, most) = ((low >> 2) + 1, ((high + 3) >> 2) - 1)
        // Between rows of less than a word there may be no multiple of one.
        guard least <= most else { continue }
        let words = least...most
        let same = life.start - other.start
        let isInPlace =
          life.last == other.first && second.op.worksInPlace
          || other.last == life.first && first.op.worksInPlace
        if isInPlace, isLikeLaid, life.byteCount == other.byteCount, same & 3 == 0 {
          if words.lowerBound < same / 4 { ranges.insert(words.lowerBound...same / 4 - 1) }
          if words.upperBound > same / 4 { ranges.insert(same / 4 + 1...words.upperBound) }
        } else {
          ranges.insert(words)
        }
      }
    }
    return merged(ranges)
  }

  private static func merged(_ ranges: Set<ClosedRange<Int>>) -> [ClosedRange<Int>] {
    var merged: [ClosedRange<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound <= last.upperBound + 1 {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    return merged
  }

  private static func lowerBound(_ schedule: RowSchedule, _ lives: [[RowSchedule.Life]]) -> Int {
    var changes = [Int](repeating: 0, count: schedule.steps.count + 2)
    for life in lives.joined() {
      changes[life.first] += life.byteCount
      changes[life.last + 1] -= life.byteCount
    }
    var most = 0
    var bytes = 0
    for (time, change) in changes.enumerated() {
      bytes += change
      var shared = 0
      if time < schedule.steps.count {
        let step = schedule.steps[time]
        let record = schedule.records[step.index]
        // Its row may come to lie where one that it reads lay; sums and their values do.
        if record.op.worksInPlace { shared = record.rowByteCount }
        if record.op.accumulates, lives[step.index][0].last == time { shared = record.channels }
      }
      most = max(most, bytes - shared)
    }
    return (most + 3) / 4
  }
}
