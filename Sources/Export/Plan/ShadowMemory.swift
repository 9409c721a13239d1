import TinyRuntime

/// An arena that remembers of each byte which row of which edge was written there last. It proves a plan: every byte read is the one
/// that was meant.
struct ShadowMemory {
  /// Which row of which edge a byte belongs to.
  private struct Owner: Equatable {
    var edge: Int
    var row: Int
  }

  private let schedule: RowSchedule
  private let plan: Plan
  private let names: [String]
  private var owners: [Owner?]

  /// Walks the network of `schedule` through the arena of `plan`.
  /// - Throws: `ExportError.overlap` where a step reads a byte that isn't its edge's any more, or writes over one that
  ///   it still reads.
  static func prove(_ plan: Plan, _ schedule: RowSchedule, names: [String]) throws(ExportError) {
    var memory = ShadowMemory(
      schedule: schedule, plan: plan, names: names,
      owners: [Owner?](repeating: nil, count: plan.arenaByteCount))
    for step in schedule.steps { try memory.take(step) }
    let last = schedule.records.count - 1
    for row in 0..<(schedule.records[last].op.accumulates ? 1 : plan.edges[last].ringHeight) {
      try memory.require(last, row)
    }
  }

  private mutating func take(_ step: RowSchedule.Step) throws(ExportError) {
    let record = schedule.records[step.index]
    let row = record.op.accumulates ? 0 : step.number
    let written = written(step.index, row)
    let state = ModelFormat.stateByteCount(recordCount: schedule.records.count)
    guard written.lowerBound >= state, written.upperBound <= plan.arenaByteCount else {
      throw .overlap(names[step.index], "what is outside its part of the arena")
    }
    var reads: [(edge: Int, rows: Range<Int>)] = []
    schedule.forEachRead(of: step) { reads.append(($0, $1)) }
    for (edge, rows) in reads {
      for row in schedule.records[edge].op.accumulates ? 0..<1 : rows {
        try require(edge, row)
        let read = read(edge, row)
        let isInPlace =
          record.op.worksInPlace && read == written
          && plan.edges[edge].marginLeft == plan.edges[step.index].marginLeft
        guard !read.overlaps(written) || isInPlace else {
          throw .overlap(names[edge], names[step.index])
        }
      }
    }
    if record.op.accumulates, step.number > 0 { try require(step.index, row, of: written) }
    for byte in written { owners[byte] = Owner(edge: step.index, row: row) }
  }

  /// The row was written, and nothing has been written over it.
  private func require(_ edge: Int, _ row: Int) throws(ExportError) {
    try require(edge, row, of: read(edge, row))
  }

  private func require(_ edge: Int, _ row: Int, of bytes: Range<Int>) throws(ExportError) {
    for byte in bytes where owners[byte] != Owner(edge: edge, row: row) {
      throw .overlap(names[edge], owners[byte].map { names[$0.edge] } ?? "nothing")
    }
  }

  /// What is read of a row, its margin counted; of sums, the values that they became.
  private func read(_ edge: Int, _ row: Int) -> Range<Int> {
    let start = plan.edges[edge].offset
    let record = schedule.records[edge]
    return record.op.accumulates ? start..<start + record.channels : written(edge, row)
  }

  /// What is written of a row, its margin counted; of an op that accumulates, all its sums.
  private func written(_ edge: Int, _ row: Int) -> Range<Int> {
    let place = plan.edges[edge]
    let record = schedule.records[edge]
    if record.op.accumulates { return place.offset..<place.offset + place.byteCount }
    let start = place.offset + row % place.ringHeight * record.rowByteCount
    return start..<start + record.rowByteCount
  }
}
