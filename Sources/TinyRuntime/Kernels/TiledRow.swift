/// One output row of a convolution or a depthwise one, or of a max pool over it, in tiles: a few pixels and channels at a
/// time, which share what they load. Equal to `conv2DRow` and `depthwiseConv2DRow`.
///
/// - Parameters:
///   - kind: the tiles. A depthwise convolution has a multiple of four channels.
///   - input: the input's ring, and after it as many bytes as a run lacks of a multiple of 4.
///   - window: which rows of it, and how the window moves; a pool's window around it, 1 x 1 without a pool.
///   - weights: a tile's after another's; those of a depthwise convolution plain.
///   - constants: for each output channel a bias, which holds `-zeroPoint * sum(weights)` of the input's zero
///     point, and a multiplier.
///   - outputChannels: how many of them.
///   - requantize: scales sums to int8.
///   - output: (width, output channels).
@inline(always)
func tiledRow(
  _ kind: Tile.Kind, _ input: Bytes, _ window: RowWindow, weights: Bytes, constants: Bytes,
  outputChannels: Int, _ requantize: Requantizer, into output: MutableBytes
) {
  let isPooled = window.poolHeight &* window.poolWidth > 1
  // The pixels of a tile are those of a pool's row, or without a pool those of the output's.
  let outputsInTile = isPooled ? 1 : kind.pixels
  var tile = Tile(kind, input, window, weights: weights)
  var column = window.firstColumn
  var written = output
  var left = window.outputWidth
  while left > 0 {
    let count = min(left, outputsInTile)
    tile.rewind()
    var constant = constants
    var channel = 0
    while channel < outputChannels {
      let start = kind == .depthwise ? column &+ channel : column
      if isPooled {
        tile.sumLargest(column: start)
      } else {
        tile.sum(row: 0, column: start, pixelStep: count == 1 ? 0 : window.columnStride)
      }
      let end = min(kind.channels, outputChannels &- channel)
      for index in 0..<end {
        let bias = constant.int32(0)
        let multiplier = constant.int32(1)
        for pixel in 0..<count {
          written[pixel &* outputChannels &+ channel &+ index] = requantize(
            tile[pixel &* kind.channels &+ index] &+ bias, multiplier: multiplier)
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
