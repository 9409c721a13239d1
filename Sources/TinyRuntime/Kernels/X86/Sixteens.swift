import CTinyRuntime

/// One output row of a convolution, or of a max pool over one, whose weights are laid out in `sixteens`. Equal to
/// `conv2DRow`.
///
/// - Parameters:
///   - input: the input's ring.
///   - window: which rows of it, and how the window moves; a pool's window around it, 1 x 1 without a pool.
///   - weights: blocks of 16 channels.
///   - constants: for each output channel a bias, which holds `-zeroPoint * sum(weights)` of the input's zero
///     point, and a multiplier.
///   - outputChannels: how many of them.
///   - requantize: scales sums to int8.
///   - output: (width, output channels).
@inline(always)
func sixteensRow(
  _ input: Bytes, _ window: RowWindow, weights: Bytes, constants: Bytes, outputChannels: Int,
  _ requantize: Requantizer, into output: MutableBytes
) {
  var row = thimble_sixteens(
    input, window, weights: weights, constants: constants, outputChannels: outputChannels,
    requantize, into: output)
  unsafe thimble_sixteens_row(&row)
}

extension thimble_sixteens {
  /// The row that `sixteensRow` makes of these.
  @inline(always)
  init(
    _ input: Bytes, _ window: RowWindow, weights: Bytes, constants: Bytes, outputChannels: Int,
    _ requantize: Requantizer, into output: MutableBytes
  ) {
    self.init(
      ring: input.address, row_bytes: UInt(bitPattern: window.rowByteCount),
      first_column: UInt(bitPattern: window.firstColumn),
      ring_rows: UInt32(truncatingIfNeeded: window.ringHeight),
      first_row: UInt32(truncatingIfNeeded: window.firstRow),
      kernel_rows: UInt32(truncatingIfNeeded: window.kernelHeight),
      run: UInt32(truncatingIfNeeded: window.kernelWidth &* window.channels),
      pool_rows: UInt32(truncatingIfNeeded: window.poolHeight),
      pool_columns: UInt32(truncatingIfNeeded: window.poolWidth),
      pool_row_step: UInt(bitPattern: window.poolRowStep),
      pool_column_step: UInt(bitPattern: window.poolColumnStep),
      pixel_step: UInt(bitPattern: window.columnStride), weights: weights.address,
      constants: constants.address, channels: UInt32(truncatingIfNeeded: outputChannels),
      pixels: UInt32(truncatingIfNeeded: window.outputWidth), offset: requantize.offset,
      left_shift: requantize.leftShift, right_shift: requantize.rightShift,
      output: output.address)
  }
}

/// Adds one input row to the accumulators of a dense layer whose weights are laid out in `sixteens`. Equal to `denseAccumulate`.
///
/// - Parameters:
///   - row: (input width, input channels).
///   - byteCount: of the row.
///   - index: which row it is, from 0.
///   - rowCount: how many rows the input has.
///   - weights: blocks of 16 channels.
///   - accumulators: one an output, 32 bits; they start as the biases.
///   - count: how many.
@inline(always)
func sixteensDenseAccumulate(
  _ row: Bytes, byteCount: Int, index: Int, of rowCount: Int, weights: Bytes,
  into accumulators: MutableBytes, count: Int
) {
  thimble_sixteens_dense(
    row.address, UInt(bitPattern: byteCount), UInt(bitPattern: index),
    UInt(bitPattern: rowCount), weights.address, accumulators.address, UInt(bitPattern: count))
}
