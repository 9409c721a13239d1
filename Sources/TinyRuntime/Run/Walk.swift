/// A step of the walk: the number of its op's record, and which of the op's steps it is.
package struct WalkStep {
  package let index: UInt8
  package let number: UInt16

  package init(index: Int, number: Int) {
    self.index = UInt8(truncatingIfNeeded: index)
    self.number = UInt16(truncatingIfNeeded: number)
  }
}

/// The order in which rows are made: one fixed rule, driven by demand. The file does not store an order, the exporter
/// plans by this very code.
///
/// The last op is asked for all its steps. To take a step, an op needs rows of its inputs; it asks the first of
/// them that lacks some, which goes on until it has them, and so on down to the picture. An edge whose ring holds all its
/// rows is always asked for all of them. So with whole rings everywhere layers run one after another, and with the
/// smallest rings a row flows down the network as soon as it can. An edge that is never stored is passed over: its reader asks the
/// op that makes its input.
package struct Walk {
  private let file: Bytes
  private let recordCount: Int
  private let state: MutableBytes
  /// The op that is asked for a step.
  private var index: Int

  /// The walk of a model from its first step.
  ///
  /// Both stay in place as long as the walk is used, and begin at a multiple of 4.
  /// - Parameters:
  ///   - file: holds the records, checked.
  ///   - recordCount: how many.
  ///   - state: `ModelFormat.stateByteCount` bytes, whose contents don't matter.
  @unsafe
  package init(
    _ file: UnsafeRawBufferPointer, recordCount: Int, state: UnsafeMutableRawBufferPointer
  ) {
    unsafe self.init(
      Bytes(file), recordCount: recordCount,
      state: MutableBytes(state.baseAddress!, count: state.count))
  }

  init(_ file: Bytes, recordCount: Int, state: MutableBytes) {
    self.file = file
    self.recordCount = recordCount
    self.state = state
    index = recordCount &- 1
    for index in 0..<ModelFormat.stateByteCount(recordCount: recordCount) { state[index] = 0 }
  }

  /// The next step, which counts as taken from now on; nil after the last.
  package mutating func next() -> WalkStep? {
    let last = recordCount &- 1
    while true {
      let taken = stepsTaken(by: index)
      let record = StoredRecord(step: index, of: file)
      if index == last, taken == stepCount(record) { return nil }
      if let lacking = lackingInput(of: record, taken) {
        state[2 &* recordCount &+ lacking] = Int8(truncatingIfNeeded: index)
        index = lacking
        continue
      }
      let step = WalkStep(index: index, number: taken)
      state.setUInt16(at: 2 &* index, taken &+ 1)
      if index != last {
        let demander = state.bytes.byte(at: 2 &* recordCount &+ index)
        let isEnough = !lacks(
          index, StoredRecord(step: demander, of: file), stepsTaken(by: demander))
        if isEnough { index = demander }
      }
      return step
    }
  }

  /// The steps that op `index` has taken.
  func stepsTaken(by index: Int) -> Int { state.bytes.uint16(at: 2 &* index) }

  private func stepCount(_ record: StoredRecord) -> Int {
    record.stepCount(input: StoredRecord(record.input, of: file))
  }

  /// The first input of `record` that has not taken the steps it needs next, if any.
  private func lackingInput(of record: StoredRecord, _ taken: Int) -> Int? {
    if record.op == .input { return nil }
    if lacks(record.input, record, taken) { return record.input }
    guard record.op.hasSecondInput, lacks(record.inputOrGroups, record, taken) else { return nil }
    return record.inputOrGroups
  }

  /// Whether op `index` has yet to take steps that `record`, which reads it, needs for step `step`.
  @inline(never)
  private func lacks(_ index: Int, _ record: StoredRecord, _ step: Int) -> Bool {
    let input = StoredRecord(step: index, of: file)
    // Before rows of margin above the pixels come the inputs of the first row of pixels, so that they don't lie about for long.
    let rows = record.neededRows(ofInput: input, atStep: max(step, record.marginTop))
    let needed = rows.isEmpty ? 0 : input.isWhole ? stepCount(input) : rows.upperBound
    return stepsTaken(by: index) < needed
  }
}
