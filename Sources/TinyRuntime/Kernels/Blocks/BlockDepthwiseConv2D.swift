import CTinyRuntime

/// One output row of a depthwise convolution, or of a max pool over one, whose weights lie in blocks. Equal to
/// `depthwiseConv2DRow`.
///
/// - Parameters:
///   - input: the input's ring, and after it as many bytes as the channels lack of a multiple of 16.
///   - window: which rows of it, and how the window moves; a pool's window around it, 1 x 1 without a pool.
///   - weights: as `BlockLayout` has them.
///   - constants: for each channel a bias, which holds `-zeroPoint * sum(weights)` of the input's zero point, and a
///     multiplier.
///   - scale: of the output.
///   - output: (width, channels).
func blockDepthwiseConv2DRow(
  _ input: Bytes, _ window: RowWindow, weights: Bytes, constants: Bytes, _ scale: thimble_scale,
  into output: MutableBytes
) {
  let byteCount = BlockLayout.depthwiseByteCount(taps: window.kernelHeight &* window.kernelWidth)
  var row = thimble_block_depthwise(
    input: 0, weights: weights.address, constants: constants.address, output: output.address,
    rows: window.rows(in: input), kernel_width: Int32(truncatingIfNeeded: window.kernelWidth),
    pixels: Int32(truncatingIfNeeded: window.outputWidth),
    tap_step: Int32(truncatingIfNeeded: window.channels),
    column_step: Int32(truncatingIfNeeded: window.columnStride), channels: 16)
  var channel = 0
  while channel < window.channels {
    row.channels = Int32(truncatingIfNeeded: min(16, window.channels &- channel))
    for poolRow in 0..<window.poolHeight {
      for poolColumn in 0..<window.poolWidth {
        // A value grows with its sum, so the largest value is that of the largest sum.
        row.input =
          window.address(in: input, row: poolRow &* window.poolRowStep)
          &+ UInt(bitPattern: poolColumn &* window.poolColumnStep &+ channel)
        thimble_block_depthwise_row(row, scale, poolRow | poolColumn > 0)
      }
    }
    row.weights &+= UInt(bitPattern: byteCount)
    row.constants &+= 128
    row.output &+= 16
    channel &+= 16
  }
}
