import CTinyRuntime

/// One output row of a convolution, or of a max pool over one, whose weights are laid out for tiles: a few pixels and
/// channels at a time, which share what they load. Equal to `conv2DRow`.
///
/// - Parameters:
///   - input: the input's ring, and after it as many bytes as a run lacks of a multiple of 4.
///   - window: which rows of it, and how the window moves; a pool's window around it, 1 x 1 without a pool.
///   - layout: the weights', not plain.
///   - weights: a tile's after another's.
///   - constants: for each output channel a bias, which holds `-zeroPoint * sum(weights)` of the input's zero
///     point, and a multiplier.
///   - outputChannels: how many of them.
///   - requantize: scales sums to int8.
///   - output: (width, output channels).
@inline(always)
func tiledConv2DRow(
  _ input: Bytes, _ window: RowWindow, _ layout: WeightLayout, weights: Bytes, constants: Bytes,
  outputChannels: Int, _ requantize: Requantizer, into output: MutableBytes
) {
  let isPooled = window.poolHeight &* window.poolWidth > 1
  // The pixels of a tile are those of a pool's row, or without a pool those of the output's.
  let pixelStep = isPooled ? window.poolColumnStep : window.columnStride
  let outputsInTile = isPooled ? 1 : layout.pixelsInTile
  let channels = layout.channelsInTile
  var tile = Tile(input, window, layout, weights: weights)
  var column = window.firstColumn
  var written = output
  var left = window.outputWidth
  while left > 0 {
    let count = min(left, outputsInTile)
    tile.rewind()
    var constant = constants
    var channel = 0
    while channel < outputChannels {
      if isPooled {
        tile.sumLargest(window, column: column, pixelStep: pixelStep)
      } else {
        tile.sum(row: 0, column: column, pixelStep: count == 1 ? 0 : pixelStep)
      }
      let end = min(channels, outputChannels &- channel)
      for index in 0..<end {
        let bias = constant.int32(0)
        let multiplier = constant.int32(1)
        for pixel in 0..<count {
          written[pixel &* outputChannels &+ channel &+ index] = requantize(
            tile[pixel &* channels &+ index] &+ bias, multiplier: multiplier)
        }
        constant = constant.advanced(by: 8)
      }
      channel &+= end
    }
    column &+= count &* window.columnStride
    written = written.advanced(by: count &* outputChannels)
    left &-= count
  }
}
