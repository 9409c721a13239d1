import CTinyRuntime

/// A model with the memory it works in: the interpreted form, for files that can be replaced in the field.
///
/// Every offset comes from a record that `Model(loading:)` checked against the file's and the arena's size.
@safe
public struct Session: ~Copyable {
  private let bytes: Bytes
  private let arena: MutableBytes

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
    unsafe self.init(file: file, memory: memory)
    guard memory.count >= model.memoryByteCount else {
      throw .memory(needed: model.memoryByteCount, found: memory.count)
    }
    try prepare()
  }

  /// A session over memory that is large enough, to be prepared, or prepared by an earlier one.
  @unsafe
  package init(file: UnsafeRawBufferPointer, memory: UnsafeMutableRawBufferPointer) {
    bytes = unsafe Bytes(file)
    arena = unsafe MutableBytes(memory.baseAddress!, count: memory.count)
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
    var walk = walk
    while let step = walk.next() {
      let record = StoredRecord(step: Int(step.index), of: bytes)
      if record.op == .input { continue }
      try requireRows(of: record.input, record, step, walk)
      if record.op.hasSecondInput { try requireRows(of: record.inputOrGroups, record, step, walk) }
    }
  }

  private func requireRows(
    of inputIndex: Int, _ record: StoredRecord, _ step: WalkStep, _ walk: Walk
  ) throws(ModelError) {
    let input = StoredRecord(inputIndex, of: bytes)
    let rows = record.neededRows(ofInput: input, atStep: Int(step.number))
    if rows.isEmpty || input.op.accumulates { return }
    guard rows.lowerBound >= walk.stepsTaken(by: inputIndex) &- input.ringHeight else {
      throw .ring(record: Int(step.index), input: inputIndex, row: rows.lowerBound)
    }
  }

  /// Unpacks every packed block into weight RAM. The tables lie in the arena, which nothing uses yet.
  private func unpack() throws(ModelError) {
    for index in 0..<recordCount {
      let record = StoredRecord(index, of: bytes)
      guard record.encoding == Encoding.deflate.rawValue else { continue }
      let input = StoredRecord(record.input, of: bytes)
      let count = record.weightByteCount(input: input, layout: layout)
      let stored = StoredWeights(record, byteCount: count, in: bytes)
      var weights = unsafe MutableSpan<UInt8>(
        _unsafeElements: arena.elements(
          at: arenaByteCount &+ (stored.weightRAMOffset ?? 0), count: count))
      var tables = unsafe MutableSpan<UInt16>(
        _unsafeElements: arena.elements(at: 0, count: Inflater.tableByteCount / 2))
      do throws(StreamError) {
        let stream = unsafe RawSpan(
          _unsafeBytes: bytes.buffer(at: stored.fileOffset, count: stored.storedByteCount))
        try Inflater.inflate(
          stream, 0..<stream.byteCount, into: &weights, tables: &tables)
      } catch { throw .stream(record: index, error) }
    }
  }

  /// Runs one picture.
  /// - Parameters:
  ///   - picture: writes the picture's row of this index, (width, channels), pixel - 128; called once for each
  ///     row, from the top, when the row is needed.
  ///   - output: takes the output tensor, (height, width, channels); at least as long.
  public func run(
    picture: (Int, inout MutableSpan<Int8>) -> Void, output: inout MutableSpan<Int8>
  ) {
    var walk = walk
    while let step = walk.next() {
      let number = Int(step.number)
      let record = StoredRecord(step: Int(step.index), of: bytes)
      if record.op.accumulates {
        op(record).accumulate(number)
      } else if arena.fillMargin(record, number) {
        if record.op == .input {
          pictureRow(record, number, picture)
        } else {
          op(record).makeRow(number)
        }
      }
      thimble_step_taken(UInt32(truncatingIfNeeded: step.index))
    }
    copyOutput(StoredRecord(recordCount &- 1, of: bytes), into: &output)
  }

  /// One row of the picture.
  @inline(__always)
  private func pictureRow(
    _ record: some Record, _ step: Int, _ picture: (Int, inout MutableSpan<Int8>) -> Void
  ) {
    arena.pixels(record, step).withSpan(count: record.pixelByteCount) {
      picture(step &- record.marginTop, &$0)
    }
  }

  /// Copies the edge of the last record without its margins.
  @inline(__always)
  private func copyOutput(_ record: some Record, into output: inout MutableSpan<Int8>) {
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
  ///   - observe: is told each step: the record's index, the step, and the row of the output that came of it,
  ///     (width, channels), empty where none did.
  @inline(__always) @unsafe
  package func replay(
    _ steps: UnsafeBufferPointer<WalkStep>, ops: UnsafeBufferPointer<DecodedOp>,
    picture: (Int, inout MutableSpan<Int8>) -> Void, output: inout MutableSpan<Int8>,
    observe: (Int, Int, Span<Int8>) -> Void
  ) {
    for position in 0..<steps.count {
      let step = unsafe steps[position]
      let (index, number) = (Int(step.index), Int(step.number))
      let op = unsafe ops[index].op
      if op.record.op != .input {
        op.take(step: number)
      } else if arena.fillMargin(op.record, number) {
        pictureRow(op.record, number, picture)
      }
      observe(
        index, number,
        unsafe Span(_unsafeElements: made(op.record, op.input, number)))
    }
    copyOutput(unsafe ops[ops.count &- 1].op.record, into: &output)
  }

  /// What record `index` runs as.
  /// - Parameters:
  ///   - index: the record's.
  ///   - records: what `OpRecord.init(step:of:)` makes of each record of the file; they stay in place as long as the op is used.
  /// - Returns: the op, which refers to its record.
  @unsafe
  package func decoded(_ index: Int, _ records: UnsafeBufferPointer<OpRecord>) -> DecodedOp {
    let op = op(StoredRecord(step: index, of: bytes))
    let record = unsafe RecordPointer(records.baseAddress! + index)
    return unsafe DecodedOp(
      op: Op(
        memory: arena, file: bytes, record: record,
        input: RecordPointer(records.baseAddress! + record.input),
        second: RecordPointer(
          records.baseAddress! + (record.op.hasSecondInput ? record.inputOrGroups : record.input)),
        weights: op.weights))
  }

  /// The op of a record, its inputs' and its weights.
  @inline(__always)
  private func op(_ record: StoredRecord) -> Op<StoredRecord> {
    let input = StoredRecord(record.input, of: bytes)
    return Op(
      memory: arena, file: bytes, record: record, input: input,
      second: record.op.hasSecondInput ? StoredRecord(record.inputOrGroups, of: bytes) : input,
      weights: weights(record, input))
  }
}

/// An op whose records were decoded once, with its place in memory.
package struct DecodedOp {
  let op: Op<RecordPointer>
}

// Places in the memory and in the file.
extension Session {
  private var recordCount: Int { bytes.byte(at: ModelFormat.Header.recordCount) }

  /// The walk from its start. Its state lies at the start of the arena.
  private var walk: Walk { Walk(bytes, recordCount: recordCount, state: arena) }

  /// The row of pixels that a step completed; empty where it made margin, or only added to accumulators.
  private func made(
    _ record: some Record, _ input: some Record, _ step: Int
  ) -> UnsafeBufferPointer<Int8> {
    let isRow =
      record.op.accumulates
      ? step == input.height &- 1
      : step >= record.marginTop && step < record.marginTop &+ record.height
    guard isRow else { return unsafe UnsafeBufferPointer(start: nil, count: 0) }
    let row = record.op.accumulates ? 0 : record.slot(ofStep: step)
    return unsafe UnsafeBufferPointer(
      arena.elements(
        at: record.offset &+ row &* record.rowByteCount &+ record.marginLeft &* record.channels,
        count: record.pixelByteCount))
  }

  /// A record's weights, in the file or where they were unpacked to.
  private func weights(_ record: StoredRecord, _ input: StoredRecord) -> Bytes {
    let stored = StoredWeights(
      record, byteCount: record.weightByteCount(input: input, layout: layout),
      in: bytes)
    guard let offset = stored.weightRAMOffset else {
      return bytes.advanced(by: stored.fileOffset)
    }
    return arena.bytes.advanced(by: arenaByteCount &+ offset)
  }

  private var arenaByteCount: Int { Int(bytes.int32(ModelFormat.Header.arenaByteCount / 4)) }

  private var layout: WeightLayout { WeightLayout(of: bytes) }
}
