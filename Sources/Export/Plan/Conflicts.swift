import TinyRuntime

/// Where the edges of a schedule must not lie beside each other. All places and sizes are in words of 4 bytes, since every edge
/// begins at a multiple of 4: sums need it, and rows are faster to read.
struct Conflicts {
  /// The size of each edge's buffer.
  let sizes: [Int]
  /// The forbidden distances of all pairs of edges, pair after pair: a placement looks at them millions of times.
  private let distances: [ClosedRange<Int>]
  /// Where those of each pair begin, and last where all end.
  private let starts: [Int]
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
    distances = Array(forbidden.joined().joined())
    starts = forbidden.joined().reduce(into: [0]) { $0.append($0.last! + $1.count) }
    lowerBound = Self.lowerBound(schedule, lives)
  }

  /// The distances from where `first` begins to where `second` does at which one overwrites what the other still needs. Sorted, apart.
  func forbidden(_ first: Int, _ second: Int) -> ArraySlice<ClosedRange<Int>> {
    let pair = first * sizes.count + second
    return distances[starts[pair]..<starts[pair + 1]]
  }

  /// The least distance from where `first` begins to where `second` does that is not below `distance` and not forbidden.
  func allowed(from distance: Int, _ first: Int, _ second: Int) -> Int {
    let pair = first * sizes.count + second
    for index in starts[pair]..<starts[pair + 1] where distance <= distances[index].upperBound {
      return distance < distances[index].lowerBound ? distance : distances[index].upperBound + 1
    }
    return distance
  }

  private static func forbidden(
    _ schedule: RowSchedule, _ lives: [[RowSchedule.Life]], _ a: Int, _ b: Int
  ) -> [ClosedRange<Int>] {
    let (first, second) = (schedule.records[a], schedule.records[b])
    guard let ends = (lives[a].map(\.last).max()), let starts = lives[b].first?.first,
      let begins = lives[a].first?.first, let otherEnds = lives[b].map(\.last).max(),
      starts <= ends, begins <= otherEnds
    else { return [] }
    var ranges: [ClosedRange<Int>] = []
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
          if words.lowerBound < same / 4 { ranges.append(words.lowerBound...same / 4 - 1) }
          if words.upperBound > same / 4 { ranges.append(same / 4 + 1...words.upperBound) }
        } else if words != ranges.last {
          ranges.append(words)
        }
      }
    }
    return merged(ranges)
  }

  private static func merged(_ ranges: [ClosedRange<Int>]) -> [ClosedRange<Int>] {
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
