import CTinyRuntime

/// One output row of a convolution whose weights are in layout `fours`, or of a max pool over it. Equal to `conv2DRow`.
///
/// - Parameters:
///   - input: the input's ring, and after it as many bytes as a run lacks of a multiple of 4.
///   - window: which rows of it, and how the window moves; a pool's window around it, 1 x 1 without a pool.
///   - weights: in layout `fours`.
///   - constants: for each output channel a bias, which holds `-zeroPoint * sum(weights)` of the input's zero
///     point, and a multiplier.
///   - channels: output channels that are made.
///   - outputChannels: of an output pixel.
///   - requantize: scales sums to int8.
///   - output: (width, output channels).
@inline(always)
func foursRow(
  _ input: Bytes, _ window: RowWindow, weights: Bytes, constants: Bytes, channels: Int,
  of outputChannels: Int,
  _ requantize: Requantizer, into output: MutableBytes
) {
  var row = thimble_convolution(
    input, window, weights: weights, constants: constants, channels: channels,
    of: outputChannels,
    requantize, into: output)
  unsafe thimble_fours_row(&row)
}

extension thimble_convolution {
  /// The row that `foursRow` or `sixteensRow` makes of these.
  @inline(always)
  init(
    _ input: Bytes, _ window: RowWindow, weights: Bytes, constants: Bytes, channels: Int,
    of outputChannels: Int,
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
      constants: constants.address, channels: UInt32(truncatingIfNeeded: channels),
      output_step: UInt32(truncatingIfNeeded: outputChannels),
      pixels: UInt32(truncatingIfNeeded: window.outputWidth), offset: requantize.offset,
      left_shift: requantize.leftShift, right_shift: requantize.rightShift,
      output: output.address)
  }
}
