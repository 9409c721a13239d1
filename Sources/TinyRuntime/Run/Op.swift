import CTinyRuntime

/// One op at work: the record it runs as, its input's, and where everything is.
///
/// Interpreted and specialized code run these very lines. In specialized code records are constants, and the compiler
/// leaves of each line what they need.
struct Op<R: Record> {
  let memory: MutableBytes
  let file: Bytes
  let record: R
  let input: R
  /// The second input's record; of no use to an op without one.
  let second: R
  /// Weights as they are used, packed or not; of no use where there are none.
  let weights: Bytes

  /// The layout of weights that are laid out.
  @inline(always)
  var layout: WeightLayout { WeightLayout(of: file) }

  /// Takes a step of any op but the picture.
  @inline(always)
  func take(step: Int) {
    if record.op.accumulates {
      accumulate(step)
    } else if memory.fillMargin(record, step) {
      makeRow(step)
    }
  }

  /// Adds a row, or makes one that is not of margin.
  @inline(always)
  func makeRow(_ step: Int) {
    let first = record.rows(ofInput: input, atStep: step).lowerBound
    let row = memory.pixels(input, first).bytes
    let output = memory.pixels(record, step)
    // Of no use to an op without a window, which costs it nothing that matters.
    let window = RowWindow(record, input: input, firstRow: first)
    let requantize = Requantizer(record)
    switch record.op {
    case .conv2D where OpCode.conv2D.isBuilt:
      if Engine.mayMeetPacked {
        TiledWeights(of: self).convolve(self, window, requantize, into: output)
      } else {
        convolve(window, whole, requantize, into: output)
      }
    case .depthwiseConv2D where OpCode.depthwiseConv2D.isBuilt:
      depthwiseRow(
        window,
        weights: Engine.mayMeetPacked
          ? TiledWeights(of: self).depthwiseWeights(of: self) : weights, requantize, into: output)
    case .maxPool2D where OpCode.maxPool2D.isBuilt: maxPool2DRow(ring, window, into: output)
    case .averagePool2D where OpCode.averagePool2D.isBuilt:
      averagePool2DRow(ring, window, constants: constants, requantize, into: output)
    case .softmax where OpCode.softmax.isBuilt:
      softmaxRow(
        row, count: record.pixelByteCount, constants: constants, channels: record.channels,
        into: output)
    case .add where OpCode.add.isBuilt: add(row, second(step), into: output)
    default: makeElements(of: row, step, requantize, into: output)
    }
  }

  /// The row of the second input that step `step` reads.
  @inline(always)
  func second(_ step: Int) -> Bytes {
    memory.pixels(second, record.rows(ofInput: second, atStep: step).lowerBound).bytes
  }

  /// One row of a sum.
  @inline(always)
  private func add(_ first: Bytes, _ other: Bytes, into output: MutableBytes) {
    if layout == .blocks {
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

  /// One row of some channels of a convolution.
  @inline(always)
  func convolve(
    _ window: RowWindow, _ part: ConvolutionPart, _ requantize: Requantizer,
    into output: MutableBytes
  ) {
    guard record.isLaidOut else {
      return conv2DRow(
        part.input, window, weights: part.weights, constants: part.constants, groups: part.groups,
        channels: part.channels, of: record.channels, requantize, into: output)
    }
    switch layout {
    case .plain: break
    case .pairs:
      pairsRow(
        part.input, window, weights: part.weights, constants: part.constants,
        channels: part.channels, of: record.channels, requantize, into: output)
    case .eights:
      eightsRow(
        part.input, window, weights: part.weights, constants: part.constants,
        channels: part.channels, of: record.channels, requantize, into: output)
    case .fours:
      foursRow(
        part.input, window, weights: part.weights, constants: part.constants,
        channels: part.channels, of: record.channels, requantize, into: output)
    case .sixteens:
      sixteensRow(
        part.input, window, weights: part.weights, constants: part.constants,
        outputChannels: part.channels, requantize, into: output)
    case .blocks:
      blockConv2DRow(
        part.input, window, weights: part.weights, constants: part.constants,
        channels: part.channels, of: record.channels, requantize, into: output)
    }
  }

  /// One row of a depthwise convolution.
  @inline(always)
  func depthwiseRow(
    _ window: RowWindow, weights: Bytes, _ requantize: Requantizer, into output: MutableBytes
  ) {
    if record.isLaidOut, layout == .blocks {
      blockDepthwiseConv2DRow(
        ring, window, weights: weights, constants: constants, requantize, into: output)
    } else if record.isLaidOut, layout == .fours, window.isThreeByThree(requantize) {
      depthwiseFoursRow3x3(
        ring, window, weights: weights, constants: constants, requantize, into: output)
    } else if record.isLaidOut, layout == .eights || layout == .fours {
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

  /// Adds one input row to the accumulators of a dense layer.
  @inline(always)
  func accumulateDense(_ row: Bytes, _ step: Int, into accumulators: MutableBytes) {
    if layout.isSixteens, record.isLaidOut {
      sixteensDenseAccumulate(
        row, byteCount: input.pixelByteCount, index: step, of: input.height, weights: weights,
        into: accumulators, count: record.channels)
    } else if layout.holdsDense, record.isLaidOut {
      let blocks = BlockLayout.blocks(input.pixelByteCount)
      blockDenseAccumulate(
        row, blocks: blocks, weights: weights.advanced(by: 16 &* step &* blocks &* record.channels),
        into: accumulators, outputs: record.channels)
    } else {
      denseAccumulate(
        row, count: input.pixelByteCount,
        weights: weights.advanced(by: step &* input.pixelByteCount),
        stride: input.height &* input.pixelByteCount, into: accumulators, outputs: record.channels)
    }
  }

  /// Adds one input row to an op's accumulators; after the last one they become int8.
  @inline(always)
  func accumulate(_ step: Int) {
    let accumulators = startSums(step)
    let row = memory.pixels(input, input.marginTop &+ step).bytes
    if record.op == .dense, Engine.mayMeetPacked {
      TiledWeights(of: self).accumulate(self, row, step, into: accumulators)
    } else if record.op == .dense {
      accumulateDense(row, step, into: accumulators)
    } else if !OpCode.globalAveragePool.isBuilt {
      return
    } else if layout == .blocks {
      thimble_accumulate_pixels(
        row.address, Int32(truncatingIfNeeded: input.width),
        Int32(truncatingIfNeeded: record.channels), accumulators.address)
    } else {
      globalAverageAccumulate(
        row, width: input.width, into: accumulators, channels: record.channels)
    }
    finishSums(step)
  }

  // A dense layer has a bias and a multiplier for each output, a pool one pair for all.
  @inline(always)
  private var constantStride: Int { record.op == .dense ? 2 : 0 }

  /// The accumulators, which the first step makes the biases.
  @inline(always)
  func startSums(_ step: Int) -> MutableBytes {
    let accumulators = memory.advanced(by: record.offset)
    if step == 0 {
      for channel in 0..<record.channels {
        accumulators.setInt32(channel, constants.int32(channel &* constantStride))
      }
    }
    return accumulators
  }

  /// After the last step, makes the accumulators int8.
  @inline(always)
  func finishSums(_ step: Int) {
    guard step == input.height &- 1 else { return }
    let accumulators = memory.advanced(by: record.offset)
    let requantize = Requantizer(record)
    for channel in 0..<record.channels {
      // Byte `channel` lies in an accumulator that was read already, for 4 * channel >= channel.
      accumulators[channel] = requantize(
        accumulators.int32(channel), multiplier: constants.int32(channel &* constantStride &+ 1))
    }
  }

  /// The input's ring.
  @inline(always)
  var ring: Bytes { memory.advanced(by: input.offset).bytes }

  @inline(always)
  var constants: Bytes { file.advanced(by: record.blockOffset) }
}

// Rows in the arena. Loading checked that each edge's buffer lies inside it; rows are taken modulo the ring's height.
extension MutableBytes {
  /// The row of an edge that step `step` makes, (width, channels).
  @inline(always)
  func pixels(_ record: some Record, _ step: Int) -> MutableBytes {
    paddedRow(record, step).advanced(by: record.marginLeft &* record.channels)
  }

  /// The same with its margins.
  @inline(always)
  private func paddedRow(_ record: some Record, _ step: Int) -> MutableBytes {
    advanced(by: record.offset &+ record.slot(ofStep: step) &* record.rowByteCount)
  }

  /// Fills the margin of the row that step `step` makes.
  /// - Returns: whether the row has pixels, too.
  @inline(always)
  func fillMargin(_ record: some Record, _ step: Int) -> Bool {
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
  func copy(_ record: some Record, into output: MutableBytes) {
    var output = output
    for row in 0..<record.height {
      let values = pixels(record, record.marginTop &+ row)
      for index in 0..<record.pixelByteCount { output[index] = values[index] }
      output = output.advanced(by: record.pixelByteCount)
    }
  }
}
