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
    var record = OpRecord(step: index, of: file)
    var taken = 0
    while true {
      let input = OpRecord(of: file, at: record.input)
      if index == last, taken == record.stepCount(input: input) { return }
      if let lacking = lackingInput(record, input, taken, file, state) {
        state[2 &* recordCount &+ lacking] = UInt8(truncatingIfNeeded: index)
        index = lacking
      } else {
        try step(index, record, input, taken, state)
        taken &+= 1
        setStepsTaken(taken, by: index, &state)
        if index == last { continue }
        let demander = Int(state[2 &* recordCount &+ index])
        let asking = OpRecord(step: demander, of: file)
        guard
          taken
            >= stepsNeeded(
              of: record, input, by: asking, atStep: stepsTaken(by: demander, state))
        else { continue }
        index = demander
      }
      record = OpRecord(step: index, of: file)
      taken = stepsTaken(by: index, state)
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

  /// The first input of a record that has not taken the steps it needs next, if any.
  private static func lackingInput(
    _ record: OpRecord, _ input: OpRecord, _ taken: Int, _ file: RawSpan,
    _ state: borrowing MutableSpan<UInt8>
  ) -> Int? {
    if record.op == .input { return nil }
    let source = OpRecord(of: file, at: input.input)
    if stepsTaken(by: record.input, state)
      < stepsNeeded(of: input, source, by: record, atStep: taken)
    {
      return record.input
    }
    guard record.op.hasSecondInput else { return nil }
    let second = OpRecord(of: file, at: record.inputOrGroups)
    let secondSource = OpRecord(of: file, at: second.input)
    return stepsTaken(by: record.inputOrGroups, state)
      < stepsNeeded(of: second, secondSource, by: record, atStep: taken)
      ? record.inputOrGroups : nil
  }

  /// The steps that the op of edge `input`, which reads `source`, must have taken before `record` takes step `step`.
  private static func stepsNeeded(
    of input: OpRecord, _ source: OpRecord, by record: OpRecord, atStep step: Int
  ) -> Int {
    // Before rows of margin above the pixels come the inputs of the first row of pixels, so that they don't lie about for long.
    let rows = record.rows(ofInput: input, atStep: max(step, record.marginTop))
    if rows.isEmpty { return 0 }
    return input.isWhole ? input.stepCount(input: source) : rows.upperBound
  }
}
