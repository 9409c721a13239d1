/// One output row of a convolution, or of a max pool over one, whose weights are laid out. Equal to `conv2DRow`.
///
/// - Parameters:
///   - input: the input's ring, and after it as many bytes as the layout reads ahead.
///   - window: which rows of it, and how the window moves; a pool's window around it, 1 x 1 without a pool.
///   - layout: the weights', not plain.
///   - weights: as the layout has them.
///   - constants: for each output channel a bias, which holds `-zeroPoint * sum(weights)` of the input's zero
///     point, and a multiplier.
///   - outputChannels: how many of them.
///   - requantize: scales sums to int8.
///   - output: (width, output channels).
@inline(always)
func laidOutConv2DRow(
  _ input: Bytes, _ window: RowWindow, _ layout: WeightLayout, weights: Bytes, constants: Bytes,
  outputChannels: Int, _ requantize: Requantizer, into output: MutableBytes
) {
  if layout.isSixteens {
    sixteensConv2DRow(
      input, window, weights: weights, constants: constants, outputChannels: outputChannels,
      requantize, into: output)
  } else {
    tiledRow(
      Tile.Kind(layout), input, window, weights: weights, constants: constants,
      outputChannels: outputChannels, requantize, into: output)
  }
}
