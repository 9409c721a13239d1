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
package enum Walk {
  /// Takes every step of a model once.
  /// - Parameters:
  ///   - file: holds the records, checked.
  ///   - recordCount: how many.
  ///   - state: `ModelFormat.stateByteCount` bytes, whose contents don't matter.
  ///   - step: is told the op's index, what its record runs as, its input's record, the number of its step, and how many
  ///     steps each op has taken (`Progress`).
  /// - Throws: what `step` throws; the walk then ends.
  package static func run<Failure: Error>(
    _ file: RawSpan, recordCount: Int, state: inout MutableSpan<UInt8>,
    step: (Int, OpRecord, OpRecord, Int, borrowing MutableSpan<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    for index in 0..<state.count { state[index] = 0 }
    let last = recordCount &- 1
    var index = last
    while true {
      let taken = stepsTaken(by: index, state)
      if index == last, isDone(last, taken, file) { return }
      if let lacking = lackingInput(of: index, taken, file, state) {
        state[2 &* recordCount &+ lacking] = UInt8(truncatingIfNeeded: index)
        index = lacking
        continue
      }
      let record = OpRecord(step: index, of: file)
      try step(index, record, OpRecord(of: file, at: record.input), taken, state)
      setStepsTaken(taken &+ 1, by: index, &state)
      if index == last { continue }
      let demander = Int(state[2 &* recordCount &+ index])
      if hasEnough(of: index, demander, file, state) { index = demander }
    }
  }

  /// The steps that op `index` has taken.
  package static func stepsTaken(by index: Int, _ state: borrowing MutableSpan<UInt8>) -> Int {
    Int(state[2 &* index]) | Int(state[2 &* index &+ 1]) &<< 8
  }

  private static func setStepsTaken(
    _ count: Int, by index: Int, _ state: inout MutableSpan<UInt8>
  ) {
    state[2 &* index] = UInt8(truncatingIfNeeded: count)
    state[2 &* index &+ 1] = UInt8(truncatingIfNeeded: count &>> 8)
  }

  // Records are large, so each of these has its own on the stack only as long as it runs.

  /// Whether the last op has taken all its steps.
  @inline(never)
  private static func isDone(_ last: Int, _ taken: Int, _ file: RawSpan) -> Bool {
    let record = OpRecord(step: last, of: file)
    return taken == record.stepCount(input: OpRecord(of: file, at: record.input))
  }

  /// The first input of record `index` that has not taken the steps it needs next, if any.
  @inline(never)
  private static func lackingInput(
    of index: Int, _ taken: Int, _ file: RawSpan, _ state: borrowing MutableSpan<UInt8>
  ) -> Int? {
    let record = OpRecord(step: index, of: file)
    if record.op == .input { return nil }
    if stepsTaken(by: record.input, state)
      < stepsNeeded(of: record.input, by: record, atStep: taken, file)
    {
      return record.input
    }
    guard record.op.hasSecondInput else { return nil }
    return stepsTaken(by: record.inputOrGroups, state)
      < stepsNeeded(of: record.inputOrGroups, by: record, atStep: taken, file)
      ? record.inputOrGroups : nil
  }

  /// Whether op `index` has taken the steps that the one which asked for it needs next.
  @inline(never)
  private static func hasEnough(
    of index: Int, _ demander: Int, _ file: RawSpan, _ state: borrowing MutableSpan<UInt8>
  ) -> Bool {
    stepsTaken(by: index, state)
      >= stepsNeeded(
        of: index, by: OpRecord(step: demander, of: file),
        atStep: stepsTaken(by: demander, state), file)
  }

  /// The steps that op `index` must have taken before `record`, which reads it, takes step `step`.
  @inline(never)
  private static func stepsNeeded(
    of index: Int, by record: OpRecord, atStep step: Int, _ file: RawSpan
  ) -> Int {
    let input = OpRecord(step: index, of: file)
    // Before rows of margin above the pixels come the inputs of the first row of pixels, so that they don't lie about for long.
    let rows = record.rows(ofInput: input, atStep: max(step, record.marginTop))
    if rows.isEmpty { return 0 }
    guard input.isWhole else { return rows.upperBound }
    return input.stepCount(input: OpRecord(of: file, at: input.input))
  }
}
