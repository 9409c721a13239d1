import CTinyRuntime

/// One output row of a convolution, or of a max pool over one, whose weights lie in blocks. Equal to `conv2DRow`.
///
/// - Parameters:
///   - input: the input's ring, and after it as many bytes as a run lacks of a multiple of 16.
///   - window: which rows of it, and how the window moves; a pool's window around it, 1 x 1 without a pool.
///   - weights: as `BlockLayout` has them.
///   - constants: for each output channel a bias, which holds `-zeroPoint * sum(weights)` of the input's zero
///     point, and a multiplier.
///   - channels: output channels that are made.
///   - outputChannels: of an output pixel.
///   - requantize: scales sums to int8.
///   - output: (width, channels).
@inline(always)
func blockConv2DRow(
  _ input: Bytes, _ window: RowWindow, weights: Bytes, constants: Bytes, channels: Int,
  of outputChannels: Int, _ requantize: Requantizer, into output: MutableBytes
) {
  // Its pixels lie as many bytes apart as it makes channels.
  if window.isPlane3x3, channels == outputChannels {
    return blockPlaneRow(
      input, window, weights: weights, constants: constants, channels: channels, requantize,
      into: output)
  }
  let runLength = window.kernelWidth &* window.channels
  var sums = BlockSums(
    weights: weights.address, constants: constants.address, channels: channels,
    outputChannels: outputChannels, scale: requantize.scale,
    output: output.address)
  if BlockLayout.isWhole(rows: window.kernelHeight, runLength: runLength) {
    gatheredRow(input, window, runLength: runLength, &sums)
  } else if window.kernelHeight &* window.poolHeight &* window.poolWidth == 1 {
    sums.putRuns(
      from: window.address(in: input, row: 0), step: window.columnStride,
      count: window.outputWidth, blocks: BlockLayout.blocks(runLength), isPooled: false,
      keeps: false)
  } else {
    sums.putWindows(input, window, blocks: BlockLayout.blocks(runLength))
  }
}

/// The same for 3 x 3 pixels of one channel.
@inline(always)
private func blockPlaneRow(
  _ input: Bytes, _ window: RowWindow, weights: Bytes, constants: Bytes, channels: Int,
  _ requantize: Requantizer, into output: MutableBytes
) {
  func row(_ index: Int) -> UInt { window.address(in: input, row: index) }
  // The pool's second row, where there is one.
  let below = window.poolHeight > 1 ? window.poolRowStep : 0
  thimble_block_plane_row(
    thimble_block_plane(
      rows: (row(0), row(1), row(2), row(below), row(below &+ 1), row(below &+ 2)),
      weights: weights.address, constants: constants.address, output: output.address,
      channels: Int32(truncatingIfNeeded: channels),
      pixels: Int32(truncatingIfNeeded: window.outputWidth),
      column_step: Int32(truncatingIfNeeded: window.columnStride),
      pool_height: Int32(truncatingIfNeeded: window.poolHeight),
      pool_width: Int32(truncatingIfNeeded: window.poolWidth),
      pool_step: Int32(truncatingIfNeeded: window.poolColumnStep)), requantize.scale)
}

/// Copies the windows of a few pixels at a time together, so that each is one run.
@inline(never)
private func gatheredRow(
  _ input: Bytes, _ window: RowWindow, runLength: Int, _ sums: inout BlockSums
) {
  let blocks = BlockLayout.blocks(window.kernelHeight &* runLength)
  let step = 16 &* blocks
  // As many as are computed together, whatever their size; the last one may be copied 15 bytes too far.
  unsafe withUnsafeTemporaryAllocation(
    byteCount: 16 * (Int(THIMBLE_COPIED_BLOCKS) + 1), alignment: 16
  ) { memory in
    let copies = UInt(bitPattern: memory.baseAddress!)
    let most = Int(THIMBLE_COPIED_BLOCKS) / blocks
    let rows = window.rows(in: input)
    let isPooled = window.poolHeight &* window.poolWidth > 1
    var left = window.outputWidth
    var column: UInt = 0
    while left > 0 {
      // Pixels side by side; or those of a pool's window, row by row.
      let pixels = isPooled ? 1 : min(left, most)
      let width = isPooled ? window.poolWidth : pixels
      let pixelStep = isPooled ? window.poolColumnStep : window.columnStride
      var poolRow = 0
      var poolColumn = 0
      var keeps = false
      repeat {
        var count = 0
        repeat {
          let from = window.address(in: input, row: poolRow &* window.poolRowStep) &+ column
          thimble_copy_window(
            copies &+ UInt(bitPattern: count &* step),
            from &+ UInt(bitPattern: poolColumn &* pixelStep), rows,
            Int32(truncatingIfNeeded: runLength))
          count &+= 1
          poolColumn &+= 1
          if poolColumn == width {
            poolColumn = 0
            poolRow &+= 1
          }
        } while count < most && poolRow < window.poolHeight
        sums.putRuns(
          from: copies, step: step, count: count, blocks: blocks, isPooled: isPooled, keeps: keeps)
        keeps = true
      } while poolRow < window.poolHeight
      sums.output &+= UInt(bitPattern: pixels &* sums.outputChannels)
      column &+= UInt(bitPattern: pixels &* window.columnStride)
      left &-= pixels
    }
  }
}

extension RowWindow {
  /// The rows of a kernel in a ring.
  @inline(always)
  func rows(in input: Bytes) -> thimble_rows {
    let ring = ringHeight &* rowByteCount
    return thimble_rows(
      end: input.address &+ UInt(bitPattern: ring),
      count: Int32(truncatingIfNeeded: kernelHeight),
      row_step: Int32(truncatingIfNeeded: rowByteCount),
      ring_bytes: Int32(truncatingIfNeeded: ring))
  }

  /// Where the first pixel's window begins, `row` rows down.
  @inline(always)
  func address(in input: Bytes, row: Int) -> UInt {
    input.address &+ UInt(bitPattern: offset(ofRow: row) &+ firstColumn)
  }
}
