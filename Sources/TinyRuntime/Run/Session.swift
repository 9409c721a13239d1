/// A model with the memory it works in: the interpreted form, for files that can be replaced in the field.
///
/// Every offset comes from a record that `Model(loading:)` checked against the file's and the arena's size.
@safe
public struct Session: ~Copyable {
  private let file: UnsafeRawBufferPointer
  private let memory: UnsafeMutableRawBufferPointer
  private let recordCount: Int

  /// Gives a model its memory, makes sure that its rings suffice, and unpacks its weights.
  ///
  /// The file and the memory stay in place and unchanged by others as long as the session lives; both begin at a multiple of 4.
  /// - Parameters:
  ///   - model: what `Model(loading:)` made of these very bytes.
  ///   - file: the model file.
  ///   - memory: at least `model.memoryByteCount` bytes, whose contents don't matter.
  /// - Throws: `ModelError.memory`, `.ring` or `.stream`.
  @unsafe
  public init(
    _ model: Model, file: UnsafeRawBufferPointer, memory: UnsafeMutableRawBufferPointer
  ) throws(ModelError) {
    unsafe self.file = file
    unsafe self.memory = memory
    recordCount = model.recordCount
    guard memory.count >= model.memoryByteCount else {
      throw .memory(needed: model.memoryByteCount, found: memory.count)
    }
    try prepare()
  }

  /// A session over memory that is large enough, to be prepared, or prepared by an earlier one.
  @unsafe
  package init(file: UnsafeRawBufferPointer, memory: UnsafeMutableRawBufferPointer) {
    unsafe self.file = file
    unsafe self.memory = memory
    recordCount = Int(unsafe file[ModelFormat.Header.recordCount])
  }

  /// Makes sure that the rings suffice, and unpacks the weights.
  func prepare() throws(ModelError) {
    try rehearse()
    #if !THIMBLE_RAW_ONLY
      try unpack()
    #endif
  }

  /// Walks the model without computing, and throws where a row is overwritten before it is read.
  private func rehearse() throws(ModelError) {
    let bytes = unsafe RawSpan(_unsafeBytes: file)
    var state = unsafe MutableSpan(_unsafeElements: state)
    try Walk.run(bytes, recordCount: recordCount, state: &state) {
      (index, record, _, step, state) throws(ModelError) in
      guard record.op != .input else { return }
      try Self.requireRows(of: record.input, index, record, step, bytes, state)
      if record.op.hasSecondInput {
        try Self.requireRows(of: record.inputOrGroups, index, record, step, bytes, state)
      }
    }
  }

  @inline(never)
  private static func requireRows(
    of inputIndex: Int, _ index: Int, _ record: OpRecord, _ step: Int, _ bytes: RawSpan,
    _ state: borrowing MutableSpan<UInt8>
  ) throws(ModelError) {
    let input = OpRecord(of: bytes, at: inputIndex)
    let rows = record.rows(ofInput: input, atStep: step)
    if rows.isEmpty || input.op.accumulates { return }
    let made = Walk.stepsTaken(by: inputIndex, state)
    guard rows.lowerBound >= made &- input.ringHeight else {
      throw .ring(record: index, input: inputIndex, row: rows.lowerBound)
    }
  }

  /// Unpacks every packed block into weight RAM. The tables lie in the arena, which nothing uses yet.
  private func unpack() throws(ModelError) {
    let bytes = unsafe RawSpan(_unsafeBytes: file)
    for index in 0..<recordCount {
      let record = OpRecord(of: bytes, at: index)
      guard record.encoding == Encoding.deflate.rawValue else { continue }
      let input = OpRecord(of: bytes, at: record.input)
      let count = record.weightByteCount(input: input, layout: layout)
      let stored = StoredWeights(record, byteCount: count, in: bytes)
      var weights = unsafe MutableSpan<UInt8>(
        _unsafeElements: buffer(at: arenaByteCount &+ (stored.weightRAMOffset ?? 0), count: count))
      var tables = unsafe MutableSpan<UInt16>(
        _unsafeElements: buffer(at: 0, count: Inflater.tableByteCount / 2))
      do throws(StreamError) {
        try Inflater.inflate(
          bytes, stored.fileOffset..<stored.fileOffset &+ stored.storedByteCount, into: &weights,
          tables: &tables)
      } catch { throw .stream(record: index, error) }
    }
  }

  /// Runs one picture.
  /// - Parameters:
  ///   - picture: writes the picture's row of this index, (width, channels), pixel - 128; called once for each
  ///     row, from the top, when the row is needed.
  ///   - output: takes the output tensor, (height, width, channels); at least as long.
  ///   - observe: is told each step: the record's index, the step, and the row of the output that came of it,
  ///     (width, channels), empty where none did.
  public func run(
    picture: (Int, inout MutableSpan<Int8>) -> Void, output: inout MutableSpan<Int8>,
    observe: (Int, Int, Span<Int8>) -> Void
  ) {
    let bytes = unsafe RawSpan(_unsafeBytes: file)
    var state = unsafe MutableSpan(_unsafeElements: state)
    Walk.run(bytes, recordCount: recordCount, state: &state) {
      (index, record, input, step, _) throws(Never) in
      if record.op == .input {
        pictureStep(record, step, picture)
      } else {
        take(record, input, step, bytes)
      }
      observe(index, step, unsafe Span(_unsafeElements: made(record, input, step)))
    }
    copyOutput(OpRecord(of: bytes, at: recordCount &- 1), into: &output)
  }

  /// One row of the picture, or of its margin.
  @inline(__always)
  private func pictureStep(
    _ record: OpRecord, _ step: Int, _ picture: (Int, inout MutableSpan<Int8>) -> Void
  ) {
    guard arena.fillMargin(record, step) else { return }
    arena.pixels(record, step).withSpan(count: record.pixelByteCount) {
      picture(step &- record.marginTop, &$0)
    }
  }

  /// Copies the edge of the last record without its margins.
  @inline(__always)
  private func copyOutput(_ record: OpRecord, into output: inout MutableSpan<Int8>) {
    unsafe output.withUnsafeMutableBufferPointer {
      guard let start = $0.baseAddress else { return }
      arena.copy(record, into: unsafe MutableBytes(start, count: $0.count))
    }
  }

  /// Runs one picture by steps that the walk was seen to take, with ops that were decoded before: a host has the memory for both.
  /// - Parameters:
  ///   - steps: every step of the walk.
  ///   - ops: what `decoded` makes of each record.
  ///   - picture: as in `run`.
  ///   - output: as in `run`.
  ///   - observe: as in `run`.
  @inline(__always) @unsafe
  package func replay(
    _ steps: UnsafeBufferPointer<WalkStep>, ops: UnsafeBufferPointer<DecodedOp>,
    picture: (Int, inout MutableSpan<Int8>) -> Void, output: inout MutableSpan<Int8>,
    observe: (Int, Int, Span<Int8>) -> Void
  ) {
    for position in 0..<steps.count {
      let step = unsafe steps[position]
      let (index, number) = (Int(step.index), Int(step.number))
      switch unsafe ops[index].op.record.op {
      case .input: unsafe pictureStep(ops[index].op.record, number, picture)
      case let op where op.hasSecondInput:
        unsafe ops[index].op.take(ops[index].second, step: number)
      default: unsafe ops[index].op.take(step: number)
      }
      observe(
        index, number,
        unsafe Span(_unsafeElements: made(ops[index].op.record, ops[index].op.input, number)))
    }
    copyOutput(unsafe ops[ops.count &- 1].op.record, into: &output)
  }

  /// What record `index` runs as.
  package func decoded(_ index: Int) -> DecodedOp {
    let bytes = unsafe RawSpan(_unsafeBytes: file)
    let record = OpRecord(step: index, of: bytes)
    let input = OpRecord(of: bytes, at: record.input)
    return DecodedOp(
      op: op(record, input, bytes),
      second: record.op.hasSecondInput ? OpRecord(of: bytes, at: record.inputOrGroups) : input)
  }

  @inline(__always)
  private func op(_ record: OpRecord, _ input: OpRecord, _ bytes: RawSpan) -> Op {
    Op(
      memory: arena, file: unsafe Bytes(file.baseAddress!, count: file.count), record: record,
      input: input, weights: weights(record, input, bytes))
  }

  /// A step of any op but the picture.
  private func take(_ record: OpRecord, _ input: OpRecord, _ step: Int, _ bytes: RawSpan) {
    let op = op(record, input, bytes)
    if record.op.hasSecondInput {
      op.take(OpRecord(of: bytes, at: record.inputOrGroups), step: step)
    } else {
      op.take(step: step)
    }
  }
}

/// A record that was decoded once, with its place in memory.
package struct DecodedOp {
  let op: Op
  /// The second input's record of a sum.
  let second: OpRecord
}

// Pointers into the memory and the file.
extension Session {
  /// The walk's state, at the start of the arena.
  private var state: UnsafeMutableBufferPointer<UInt8> {
    unsafe buffer(at: 0, count: ModelFormat.stateByteCount(recordCount: recordCount))
  }

  private var arena: MutableBytes {
    unsafe MutableBytes(memory.baseAddress!, count: memory.count)
  }

  /// The row of pixels that a step completed; empty where it made margin, or only added to accumulators.
  private func made(
    _ record: OpRecord, _ input: OpRecord, _ step: Int
  ) -> UnsafeBufferPointer<Int8> {
    let isRow =
      record.op.accumulates
      ? step == input.height &- 1
      : step >= record.marginTop && step < record.marginTop &+ record.height
    guard isRow else { return unsafe UnsafeBufferPointer(start: nil, count: 0) }
    let row = record.op.accumulates ? 0 : record.slot(ofStep: step)
    return unsafe UnsafeBufferPointer(
      buffer(
        at: record.offset &+ row &* record.rowByteCount &+ record.marginLeft &* record.channels,
        count: record.pixelByteCount))
  }

  /// A record's weights, in the file or where they were unpacked to.
  private func weights(_ record: OpRecord, _ input: OpRecord, _ bytes: RawSpan) -> Bytes {
    let count = record.weightByteCount(input: input, layout: layout)
    let stored = StoredWeights(record, byteCount: count, in: bytes)
    guard let offset = stored.weightRAMOffset else {
      return unsafe Bytes(file.baseAddress! + stored.fileOffset, count: count)
    }
    return unsafe Bytes(memory.baseAddress! + (arenaByteCount &+ offset), count: count)
  }

  private var arenaByteCount: Int {
    Int(
      truncatingIfNeeded: unsafe RawSpan(_unsafeBytes: file).uint32(
        at: ModelFormat.Header.arenaByteCount))
  }

  private var layout: WeightLayout {
    WeightLayout(of: unsafe Bytes(file.baseAddress!, count: file.count))
  }

  private func buffer<Element>(at offset: Int, count: Int) -> UnsafeMutableBufferPointer<Element> {
    unsafe UnsafeMutableBufferPointer(
      start: memory.baseAddress!.advanced(by: offset).assumingMemoryBound(to: Element.self),
      count: count)
  }
}
