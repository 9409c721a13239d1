import TinyRuntime

/// The order in which the rows of a network are made, and how long each is needed.
struct RowSchedule {
  /// One step: the record that takes it, and which of its steps it is.
  struct Step: Hashable {
    var index: Int
    var number: Int
  }

  /// Some bytes of an edge's buffer that hold something from one step to another.
  struct Life: Hashable {
    /// Where they begin in the buffer, and how many they are.
    var start: Int
    var byteCount: Int
    /// The step that writes them, and the last that reads them: for what is read after the walk, one past its last.
    var first: Int
    var last: Int
  }

  /// The records as they are stored.
  let records: [OpRecord]
  /// What each of them runs as.
  let runs: [OpRecord]
  let steps: [Step]

  /// A given order of a network's steps.
  init(_ records: [OpRecord], steps: [Step]) {
    self.records = records
    runs = Self.runs(of: records)
    self.steps = steps
  }

  /// The order in which the device walks `records`, which their ring heights decide.
  init(walking records: [OpRecord]) {
    var file = [UInt8](repeating: 0, count: ModelFormat.headerByteCount)
    for record in records { file.append(record) }
    let steps = Walk.steps(of: file, recordCount: records.count).map {
      Step(index: Int($0.index), number: Int($0.number))
    }
    self.init(records, steps: steps)
  }

  private static func runs(of records: [OpRecord]) -> [OpRecord] {
    records.map { record in
      guard record.op == .maxPool2D, records[record.input].isFolded else { return record }
      return records[record.input].pooled(by: record)
    }
  }

  /// Calls `body` with each input of which a step reads rows. What accumulates has one row.
  func forEachRead(of step: Step, _ body: (_ edge: Int, _ rows: Range<Int>) -> Void) {
    let run = runs[step.index]
    for input in run.inputs {
      let rows = run.rows(ofInput: records[input], atStep: step.number)
      if !rows.isEmpty { body(input, rows) }
    }
  }

  /// The fewest rows of each edge with which no row is overwritten before it is read for the last time.
  func neededRingHeights() -> [Int] {
    var needed = records.map { $0.isFolded ? 0 : 1 }
    // A ring holds a window even where no step looks at anything but padding.
    for (record, run) in zip(records, runs) where run.op.hasWindow && !record.isFolded {
      needed[run.input] = max(needed[run.input], run.windowHeight)
    }
    var made = [Int](repeating: 0, count: records.count)
    for step in steps {
      forEachRead(of: step) { edge, rows in
        if !records[edge].op.accumulates {
          needed[edge] = max(needed[edge], made[edge] - rows.lowerBound)
        }
      }
      made[step.index] += 1
    }
    needed[records.count - 1] = records[records.count - 1].paddedHeight
    return needed
  }

  /// For each edge what lives in its buffer, in the order in which it is written.
  func lives() -> [[Life]] {
    var lives = [[Life]](repeating: [], count: records.count)
    for (time, step) in steps.enumerated() {
      forEachRead(of: step) { edge, rows in
        if records[edge].op.accumulates {
          lives[edge][lives[edge].count - 1].last = time
        } else {
          for row in rows { lives[edge][row].last = time }
        }
      }
      let record = records[step.index]
      if !record.op.accumulates {
        lives[step.index].append(
          Life(
            start: step.number % record.ringHeight * record.rowByteCount,
            byteCount: record.rowByteCount, first: time, last: time))
      } else {
        let sums = Life(start: 0, byteCount: record.bufferByteCount, first: time, last: time)
        if step.number == 0 { lives[step.index].append(sums) }
        lives[step.index][0].last = time
        if step.number == runs[step.index].stepCount(input: records[record.input]) - 1 {
          // Their int8 values come to lie at their start.
          lives[step.index].append(
            Life(start: 0, byteCount: record.channels, first: time, last: time))
        }
      }
    }
    let last = records.count - 1
    for index in lives[last].indices where !(records[last].op.accumulates && index == 0) {
      lives[last][index].last = steps.count
    }
    return lives
  }
}
