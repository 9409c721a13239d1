/// One output row of a convolution whose weights are in layout `eights`, or of a max pool over it: eight channels at a time,
/// which share their inputs. Equal to `conv2DRow`.
///
/// - Parameters:
///   - input: the input's ring, and after it as many bytes as a run lacks of a multiple of 4.
///   - window: which rows of it, and how the window moves; a pool's window around it, 1 x 1 without a pool.
///   - weights: in layout `eights`.
///   - constants: for each output channel a bias, which holds `-zeroPoint * sum(weights)` of the input's zero
///     point, and a multiplier.
///   - channels: output channels that are made.
///   - outputChannels: of an output pixel.
///   - requantize: scales sums to int8.
///   - output: (width, output channels).
@inline(always)
func eightsRow(
  _ input: Bytes, _ window: RowWindow, weights: Bytes, constants: Bytes, channels: Int,
  of outputChannels: Int,
  _ requantize: Requantizer, into output: MutableBytes
) {
  var tile = Tile(input, window, weights: weights)
  var column = window.firstColumn
  var pixel = output
  for _ in 0..<window.outputWidth {
    tile.rewind()
    var constant = constants
    var channel = 0
    while channel < channels {
      if window.poolHeight &* window.poolWidth > 1 {
        tile.sumLargest(column: column)
      } else {
        tile.sum(row: 0, column: column)
      }
      for index in 0..<min(Tile.channels, channels &- channel) {
        pixel[channel &+ index] = requantize(
          tile[index] &+ constant.int32(0), multiplier: constant.int32(1))
        constant = constant.advanced(by: 8)
      }
      channel &+= Tile.channels
    }
    column &+= window.columnStride
    pixel = pixel.advanced(by: outputChannels)
  }
}
