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
  var row = thimble_convolution(
    input, window, weights: weights, constants: constants, channels: outputChannels,
    of: outputChannels,
    requantize, into: output)
  unsafe thimble_sixteens_row(&row)
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
