import CTinyRuntime

/// One op at work: the record it runs as, its input's, and where everything is.
///
/// Interpreted and specialized code run these very lines. In specialized code records are constants, and the compiler
/// leaves of each line what they need.
struct Op {
  let memory: MutableBytes
  let file: Bytes
  let record: OpRecord
  let input: OpRecord
  /// Weights, decoded; of no use where there are none.
  let weights: Bytes

  /// The layout of weights that are laid out.
  @inline(always)
  private var layout: WeightLayout { WeightLayout(of: file) }

  /// Takes a step of an op that reads one edge.
  @inline(always)
  func take(step: Int) {
    if record.op.accumulates {
      accumulate(step)
    } else if fillMargin(step) {
      makeRow(step)
    }
  }

  /// Takes a step of an op that reads a second edge, too.
  @inline(always)
  func take(_ second: OpRecord, step: Int) {
    guard fillMargin(step) else { return }
    let first = memory.pixels(input, record.rows(ofInput: input, atStep: step).lowerBound).bytes
    let other = memory.pixels(second, record.rows(ofInput: second, atStep: step).lowerBound).bytes
    let output = memory.pixels(record, step)
    if OpCode.holdsAll, record.op != .add {
      combine(first, other, second, into: output)
    } else if layout == .blocks {
      thimble_add_values(
        first.address, other.address, output.address,
        Int32(truncatingIfNeeded: record.pixelByteCount),
        thimble_addition(
          first: constants.int32(0), second: constants.int32(1), bias: constants.int32(2),
          right_shift: Int32(truncatingIfNeeded: record.rightShift)))
    } else {
      addRow(
        first, other, count: record.pixelByteCount, constants: constants,
        rightShift: record.rightShift, into: output)
    }
  }

  /// One row of an op that makes rows.
  @inline(always)
  private func makeRow(_ step: Int) {
    let first = record.rows(ofInput: input, atStep: step).lowerBound
    let row = memory.pixels(input, first).bytes
    let output = memory.pixels(record, step)
    switch record.op {
    case .conv2D where record.isLaidOut:
      laidOutRow(first, into: output)
    case .conv2D:
      conv2DRow(
        ring, window(first), weights: weights, constants: constants, groups: record.inputOrGroups,
        outputChannels: record.channels, Requantizer(record), into: output)
    case .depthwiseConv2D: depthwiseRow(first, into: output)
    case .maxPool2D: maxPool2DRow(ring, window(first), into: output)
    case .averagePool2D:
      averagePool2DRow(
        ring, window(first), constants: constants, Requantizer(record), into: output)
    case .softmax:
      softmaxRow(
        row, count: record.pixelByteCount, constants: constants, channels: record.channels,
        into: output)
    default: if OpCode.holdsAll { makeElements(of: row, step, into: output) }
    }
  }

  /// One row of a convolution whose weights are laid out.
  @inline(always)
  private func laidOutRow(_ first: Int, into output: MutableBytes) {
    switch layout {
    case .plain: break
    case .pairs:
      pairsRow(
        ring, window(first), weights: weights, constants: constants,
        outputChannels: record.channels, Requantizer(record), into: output)
    case .eights:
      eightsRow(
        ring, window(first), weights: weights, constants: constants,
        outputChannels: record.channels, Requantizer(record), into: output)
    case .sixteens:
      sixteensRow(
        ring, window(first), weights: weights, constants: constants,
        outputChannels: record.channels, Requantizer(record), into: output)
    case .blocks:
      blockConv2DRow(
        ring, window(first), weights: weights, constants: constants, channels: record.channels,
        Requantizer(record), into: output)
    }
  }

  /// One row of a depthwise convolution.
  @inline(always)
  private func depthwiseRow(_ first: Int, into output: MutableBytes) {
    let window = window(first)
    let requantize = Requantizer(record)
    if record.isLaidOut, layout == .blocks {
      blockDepthwiseConv2DRow(
        ring, window, weights: weights, constants: constants, requantize, into: output)
    } else if record.isLaidOut, layout == .eights {
      depthwiseFoursRow(
        ring, window, weights: weights, constants: constants, requantize, into: output)
    } else if record.isLaidOut, window.isDepthwise3x3(requantize) {
      depthwise3x3Row(
        ring, window, weights: weights, constants: constants, requantize, into: output)
    } else {
      depthwiseConv2DRow(
        ring, window, weights: weights, isInFours: record.isLaidOut, constants: constants,
        requantize, into: output)
    }
  }

  /// Adds one input row to the accumulators of a dense layer whose weights are laid out.
  @inline(always)
  private func accumulateLaidOut(_ row: Bytes, _ step: Int, into accumulators: MutableBytes) {
    if layout.isSixteens {
      sixteensDenseAccumulate(
        row, byteCount: input.pixelByteCount, index: step, of: input.height, weights: weights,
        into: accumulators, count: record.channels)
    } else {
      let blocks = BlockLayout.blocks(input.pixelByteCount)
      blockDenseAccumulate(
        row, blocks: blocks, weights: weights.advanced(by: 16 &* step &* blocks &* record.channels),
        into: accumulators, outputs: record.channels)
    }
  }

  /// Adds one input row to an op's accumulators; after the last one they become int8.
  @inline(always)
  private func accumulate(_ step: Int) {
    let accumulators = memory.advanced(by: record.offset)
    // A dense layer has a bias and a multiplier for each output, a pool one pair for all.
    let stride = record.op == .dense ? 2 : 0
    if step == 0 {
      for channel in 0..<record.channels {
        accumulators.setInt32(channel, constants.int32(channel &* stride))
      }
    }
    let row = memory.pixels(input, input.marginTop &+ step).bytes
    if record.op == .dense, layout.holdsDense, record.isLaidOut {
      accumulateLaidOut(row, step, into: accumulators)
    } else if record.op == .dense {
      denseAccumulate(
        row, count: input.pixelByteCount,
        weights: weights.advanced(by: step &* input.pixelByteCount),
        stride: input.height &* input.pixelByteCount, into: accumulators, outputs: record.channels)
    } else if layout == .blocks {
      thimble_accumulate_pixels(
        row.address, Int32(truncatingIfNeeded: input.width),
        Int32(truncatingIfNeeded: record.channels), accumulators.address)
    } else {
      globalAverageAccumulate(
        row, width: input.width, into: accumulators, channels: record.channels)
    }
    guard step == input.height &- 1 else { return }
    let requantize = Requantizer(record)
    for channel in 0..<record.channels {
      // Byte `channel` lies in an accumulator that was read already, for 4 * channel >= channel.
      accumulators[channel] = requantize(
        accumulators.int32(channel), multiplier: constants.int32(channel &* stride &+ 1))
    }
  }

  @inline(always)
  private func fillMargin(_ step: Int) -> Bool { memory.fillMargin(record, step) }

  /// The input's ring.
  @inline(always)
  private var ring: Bytes { memory.advanced(by: input.offset).bytes }

  @inline(always)
  var constants: Bytes { file.advanced(by: record.blockOffset) }

  @inline(always)
  private func window(_ first: Int) -> RowWindow {
    RowWindow(record, input: input, firstRow: first)
  }
}

// Rows in the arena. Loading checked that each edge's buffer lies inside it; rows are taken modulo the ring's height.
extension MutableBytes {
  /// The row of an edge that step `step` makes, (width, channels).
  @inline(always)
  func pixels(_ record: OpRecord, _ step: Int) -> MutableBytes {
    paddedRow(record, step).advanced(by: record.marginLeft &* record.channels)
  }

  /// The same with its margins.
  @inline(always)
  private func paddedRow(_ record: OpRecord, _ step: Int) -> MutableBytes {
    advanced(by: record.offset &+ record.slot(ofStep: step) &* record.rowByteCount)
  }

  /// Fills the margin of the row that step `step` makes.
  /// - Returns: whether the row has pixels, too.
  @inline(always)
  func fillMargin(_ record: OpRecord, _ step: Int) -> Bool {
    let row = step &- record.marginTop
    let bytes = paddedRow(record, step)
    let isMargin = row < 0 || row >= record.height
    let left = isMargin ? record.rowByteCount : record.marginLeft &* record.channels
    for index in 0..<left { bytes[index] = record.zeroPoint }
    if isMargin { return false }
    for index in record.rowByteCount &- record.marginRight &* record.channels..<record.rowByteCount
    {
      bytes[index] = record.zeroPoint
    }
    return true
  }

  /// Copies an edge without its margins.
  @inline(always)
  func copy(_ record: OpRecord, into output: MutableBytes) {
    var output = output
    for row in 0..<record.height {
      let values = pixels(record, record.marginTop &+ row)
      for index in 0..<record.pixelByteCount { output[index] = values[index] }
      output = output.advanced(by: record.pixelByteCount)
    }
  }
}
