import CTinyRuntime

/// A model with the memory it works in.
///
/// This is the one place where the runtime turns offsets into pointers. Every offset comes from a record that
/// `Model(loading:)` checked against the file's and the arena's size; each function says which check it rests on.
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
      (index, record, input, step, state) throws(ModelError) in
      guard record.op != .input else { return }
      try Self.requireRows(of: record.input, input, index, record, step, state)
      if record.op == .add {
        let second = OpRecord(of: bytes, at: record.inputOrGroups)
        try Self.requireRows(of: record.inputOrGroups, second, index, record, step, state)
      }
    }
  }

  private static func requireRows(
    of inputIndex: Int, _ input: OpRecord, _ index: Int, _ record: OpRecord, _ step: Int,
    _ state: borrowing MutableSpan<UInt8>
  ) throws(ModelError) {
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
      let count = record.weightByteCount(input: input, layout: layout(bytes))
      let stored = StoredWeights(record, byteCount: count, in: bytes)
      var weights = unsafe MutableSpan<UInt8>(
        _unsafeElements: UnsafeMutableBufferPointer(
          mutating: UnsafeRawBufferPointer(weights(bytes, record, input)).bindMemory(to: UInt8.self)
        ))
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
  @inline(__always)
  public func run(
    picture: (Int, inout MutableSpan<Int8>) -> Void, output: inout MutableSpan<Int8>,
    observe: (Int, Int, Span<Int8>) -> Void
  ) {
    let bytes = unsafe RawSpan(_unsafeBytes: file)
    var state = unsafe MutableSpan(_unsafeElements: state)
    Walk.run(bytes, recordCount: recordCount, state: &state) {
      (index, record, input, step, _) throws(Never) in
      take(step, of: record, input, bytes, picture)
      observe(index, step, unsafe Span(_unsafeElements: made(record, input, step)))
    }
    copyOutput(bytes, into: &output)
  }

  /// Runs one picture by steps that the walk was seen to take, their records decoded before: a host has the memory for that.
  /// - Parameters:
  ///   - steps: every step of the walk.
  ///   - records: what each record runs as.
  ///   - edges: every record.
  ///   - picture: as in `run`.
  ///   - output: as in `run`.
  ///   - observe: as in `run`.
  @unsafe
  @inline(__always)
  package func replay(
    _ steps: UnsafeBufferPointer<WalkStep>, records: UnsafeBufferPointer<OpRecord>,
    edges: UnsafeBufferPointer<OpRecord>,
    picture: (Int, inout MutableSpan<Int8>) -> Void, output: inout MutableSpan<Int8>,
    observe: (Int, Int, Span<Int8>) -> Void
  ) {
    let bytes = unsafe RawSpan(_unsafeBytes: file)
    for position in 0..<steps.count {
      let step = unsafe steps[position]
      let (index, number) = (Int(step.index), Int(step.number))
      let input = unsafe records[index].input
      unsafe take(number, of: records[index], edges[input], bytes, picture)
      observe(
        index, number, unsafe Span(_unsafeElements: made(records[index], edges[input], number)))
    }
    copyOutput(bytes, into: &output)
  }

  /// Takes a step of an op.
  @inline(__always)
  private func take(
    _ step: Int, of record: OpRecord, _ input: OpRecord, _ bytes: RawSpan,
    _ picture: (Int, inout MutableSpan<Int8>) -> Void
  ) {
    if record.op == .input {
      pictureStep(record, step, picture)
    } else if record.op.accumulates {
      accumulatingStep(bytes, record, input, step)
    } else {
      rowStep(bytes, record, input, step)
    }
  }

  /// One row of the picture, or of its margin.
  @inline(__always)
  private func pictureStep(
    _ record: OpRecord, _ step: Int, _ picture: (Int, inout MutableSpan<Int8>) -> Void
  ) {
    fillMargin(record, step)
    let row = step &- record.marginTop
    guard row >= 0, row < record.height else { return }
    var span = unsafe MutableSpan(_unsafeElements: pixels(record, step))
    picture(row, &span)
  }

  /// One row of an op that makes rows, or of its margin.
  private func rowStep(_ bytes: RawSpan, _ record: OpRecord, _ input: OpRecord, _ step: Int) {
    fillMargin(record, step)
    let rows = record.rows(ofInput: input, atStep: step)
    if rows.isEmpty { return }
    let source = unsafe Span(_unsafeElements: UnsafeBufferPointer(ring(input)))
    let constants = bytes.extracting(
      record.blockOffset..<record.blockOffset
        &+ record.op.constantByteCount(channels: record.channels))
    var output = unsafe MutableSpan(_unsafeElements: pixels(record, step))
    switch record.op {
    case .conv2D where record.isLaidOut:
      laidOutConv2DRow(
        unsafe Bytes(ring(input).baseAddress!),
        RowWindow(record, input: input, firstRow: rows.lowerBound), layout(bytes),
        weights: unsafe Bytes(weights(bytes, record, input).baseAddress!),
        constants: unsafe Bytes(file.baseAddress! + record.blockOffset),
        outputChannels: record.channels, Requantizer(record),
        into: unsafe MutableBytes(pixels(record, step).baseAddress!))
    case .conv2D:
      conv2DRow(
        source, RowWindow(record, input: input, firstRow: rows.lowerBound),
        weights: unsafe Span(_unsafeElements: weights(bytes, record, input)), constants: constants,
        groups: record.inputOrGroups, outputChannels: record.channels, Requantizer(record),
        into: &output)
    case .depthwiseConv2D:
      depthwiseConv2DRow(
        source, RowWindow(record, input: input, firstRow: rows.lowerBound),
        weights: unsafe Span(_unsafeElements: weights(bytes, record, input)), constants: constants,
        Requantizer(record), into: &output)
    case .maxPool2D:
      maxPool2DRow(
        source, RowWindow(record, input: input, firstRow: rows.lowerBound), into: &output)
    case .averagePool2D:
      averagePool2DRow(
        source, RowWindow(record, input: input, firstRow: rows.lowerBound), constants: constants,
        Requantizer(record), into: &output)
    case .add:
      let second = OpRecord(of: bytes, at: record.inputOrGroups)
      let secondRow = record.rows(ofInput: second, atStep: step).lowerBound
      addRow(
        unsafe Span(_unsafeElements: UnsafeBufferPointer(pixels(input, rows.lowerBound))),
        unsafe Span(_unsafeElements: UnsafeBufferPointer(pixels(second, secondRow))),
        constants: constants, rightShift: record.rightShift, into: &output)
    case .softmax:
      softmaxRow(
        unsafe Span(_unsafeElements: UnsafeBufferPointer(pixels(input, rows.lowerBound))),
        constants: constants, channels: record.channels,
        into: &output)
    case .input, .dense, .globalAveragePool: break
    }
  }

  /// Adds one input row to an op's accumulators; after the last one they become int8.
  private func accumulatingStep(
    _ bytes: RawSpan, _ record: OpRecord, _ input: OpRecord, _ step: Int
  ) {
    var accumulators = unsafe MutableSpan(_unsafeElements: accumulators(record))
    let block = record.blockOffset
    // A dense layer has a bias and a multiplier for each output, a pool one pair for all.
    let constantStride = record.op == .dense ? 8 : 0
    if step == 0 {
      for channel in 0..<record.channels {
        accumulators[channel] = bytes.int32(at: block &+ channel &* constantStride)
      }
    }
    let row = unsafe Span(
      _unsafeElements: UnsafeBufferPointer(pixels(input, input.marginTop &+ step)))
    if record.isLaidOut, layout(bytes) == .sixteens {
      sixteensDenseAccumulate(
        unsafe Bytes(row.withUnsafeBufferPointer { unsafe UnsafeRawPointer($0.baseAddress!) }),
        byteCount: row.count, index: step, of: input.height,
        weights: unsafe Bytes(weights(bytes, record, input).baseAddress!),
        into: unsafe MutableBytes(self.accumulators(record).baseAddress!),
        count: record.channels)
    } else if record.op == .dense {
      denseAccumulate(
        row, index: step, of: input.height,
        weights: unsafe Span(_unsafeElements: weights(bytes, record, input)),
        into: &accumulators)
    } else {
      globalAverageAccumulate(row, into: &accumulators)
    }
    guard step == input.height &- 1 else { return }
    let requantize = Requantizer(record)
    let values = unsafe pixels(record, 0)
    for channel in 0..<record.channels {
      let value = requantize(
        accumulators[channel],
        multiplier: bytes.int32(at: block &+ channel &* constantStride &+ 4))
      // Byte `channel` lies in an accumulator that was read already, for 4 * channel >= channel.
      unsafe values[channel] = value
    }
  }

  /// Fills the margin of the row that step `step` makes: all of it for a row of margin.
  private func fillMargin(_ record: OpRecord, _ step: Int) {
    let row = step &- record.marginTop
    var span = unsafe MutableSpan(_unsafeElements: paddedRow(record, step))
    let isMargin = row < 0 || row >= record.height
    let left = isMargin ? record.rowByteCount : record.marginLeft &* record.channels
    for index in 0..<left { span[index] = record.zeroPoint }
    if isMargin { return }
    for index in record.rowByteCount &- record.marginRight &* record.channels..<record.rowByteCount
    {
      span[index] = record.zeroPoint
    }
  }

  /// Copies the last edge without its margins.
  private func copyOutput(_ bytes: RawSpan, into output: inout MutableSpan<Int8>) {
    let record = OpRecord(of: bytes, at: recordCount &- 1)
    var written = 0
    for row in 0..<record.height {
      let values = unsafe Span(
        _unsafeElements: UnsafeBufferPointer(pixels(record, record.marginTop &+ row)))
      for index in 0..<values.count { output[written &+ index] = values[index] }
      written &+= values.count
    }
  }
}

// Pointers into the memory and the file. Loading checked that each edge's buffer lies inside the arena, and its
// weights inside the file or the weight RAM; rows are taken modulo the ring's height.
extension Session {
  /// The layout that the header names. Loading checked that this build knows it; where there is but one, it needn't be looked up.
  private func layout(_ bytes: RawSpan) -> WeightLayout {
    if !thimble_knows_all_layouts() { return .native }
    return WeightLayout(rawValue: bytes.byte(at: ModelFormat.Header.layout)) ?? .plain
  }

  /// The walk's state, at the start of the arena.
  private var state: UnsafeMutableBufferPointer<UInt8> {
    unsafe buffer(at: 0, count: ModelFormat.stateByteCount(recordCount: recordCount))
  }

  /// All rows of an edge's ring.
  private func ring(_ record: OpRecord) -> UnsafeMutableBufferPointer<Int8> {
    unsafe buffer(at: record.offset, count: record.bufferByteCount)
  }

  /// The row of an edge that step `step` makes, with its margins.
  private func paddedRow(_ record: OpRecord, _ step: Int) -> UnsafeMutableBufferPointer<Int8> {
    unsafe buffer(
      at: record.offset &+ step % record.ringHeight &* record.rowByteCount,
      count: record.rowByteCount)
  }

  /// The row of an edge that step `step` makes, (width, channels).
  private func pixels(_ record: OpRecord, _ step: Int) -> UnsafeMutableBufferPointer<Int8> {
    unsafe buffer(
      at: record.offset &+ step % record.ringHeight &* record.rowByteCount
        &+ record.marginLeft &* record.channels,
      count: record.width &* record.channels)
  }

  /// The accumulators of an edge: loading checked that they begin at a multiple of 4.
  private func accumulators(_ record: OpRecord) -> UnsafeMutableBufferPointer<Int32> {
    unsafe buffer(at: record.offset, count: record.channels)
  }

  /// The row of pixels that a step completed; empty where it made margin, or only added to accumulators.
  private func made(
    _ record: OpRecord, _ input: OpRecord, _ step: Int
  ) -> UnsafeBufferPointer<Int8> {
    let isRow =
      record.op.accumulates
      ? step == input.height &- 1
      : step >= record.marginTop && step < record.marginTop &+ record.height
    return unsafe isRow
      ? UnsafeBufferPointer(pixels(record, record.op.accumulates ? 0 : step))
      : UnsafeBufferPointer(start: nil, count: 0)
  }

  /// A record's weights, in the file or where they were unpacked to.
  private func weights(
    _ bytes: RawSpan, _ record: OpRecord, _ input: OpRecord
  ) -> UnsafeBufferPointer<Int8> {
    let count = record.weightByteCount(input: input, layout: layout(bytes))
    let stored = StoredWeights(record, byteCount: count, in: bytes)
    guard let offset = stored.weightRAMOffset else {
      return unsafe UnsafeBufferPointer(
        start: file.baseAddress!.advanced(by: stored.fileOffset).assumingMemoryBound(to: Int8.self),
        count: count)
    }
    let arena = Int(truncatingIfNeeded: bytes.uint32(at: ModelFormat.Header.arenaByteCount))
    return unsafe UnsafeBufferPointer(buffer(at: arena &+ offset, count: count))
  }

  private func buffer<Element>(at offset: Int, count: Int) -> UnsafeMutableBufferPointer<Element> {
    unsafe UnsafeMutableBufferPointer(
      start: memory.baseAddress!.advanced(by: offset).assumingMemoryBound(to: Element.self),
      count: count)
  }
}
