import CTinyRuntime

/// One output row of a convolution whose weights are laid out for tiles: a few pixels and channels at a time, which share
/// what they load. Equal to `conv2DRow`.
///
/// - Parameters:
///   - input: the input's ring, and after it as many bytes as a run lacks of a multiple of 4.
///   - window: which rows of it, and how the window moves.
///   - layout: the weights', not plain.
///   - weights: a tile's after another's.
///   - constants: for each output channel a bias, which holds `-zeroPoint * sum(weights)` of the input's zero
///     point, and a multiplier.
///   - outputChannels: how many of them.
///   - requantize: scales sums to int8.
///   - output: (width, output channels).
@inline(__always)
func tiledConv2DRow(
  _ input: Bytes, _ window: RowWindow, _ layout: WeightLayout, weights: Bytes, constants: Bytes,
  outputChannels: Int, _ requantize: Requantizer, into output: MutableBytes
) {
  let pixels = layout.pixelsInTile
  let channels = layout.channelsInTile
  var tile = thimble_tile(window)
  var address = input.address &+ UInt(bitPattern: window.offset(ofRow: 0) &+ window.firstColumn)
  var written = output
  var left = window.outputWidth
  while left > 0 {
    // An odd last pixel is computed twice.
    let count = min(left, pixels)
    tile.input = address
    tile.pixel_step = Int32(
      truncatingIfNeeded: (count == 1 ? 0 : window.columnStride) &- 4)
    tile.weights = weights.address
    var constant = constants
    var channel = 0
    while channel < outputChannels {
      tile.rows = UInt32(truncatingIfNeeded: window.kernelHeight)
      tile.rows_to_wrap = UInt32(truncatingIfNeeded: window.ringHeight &- window.firstRow)
      tile.sum(layout)
      let end = min(channels, outputChannels &- channel)
      for index in 0..<end {
        for pixel in 0..<count {
          written[pixel &* outputChannels &+ channel &+ index] = requantize(
            tile.sum(pixel &* channels &+ index) &+ constant.int32(0),
            multiplier: constant.int32(1))
        }
        constant = constant.advanced(by: 8)
      }
      channel &+= end
    }
    address &+= UInt(bitPattern: pixels &* window.columnStride)
    written = written.advanced(by: pixels &* outputChannels)
    left &-= pixels
  }
}

extension thimble_tile {
  /// A tile of the window, without a place yet.
  @inline(__always)
  fileprivate init(_ window: RowWindow) {
    self.init()
    let groups = (window.kernelWidth &* window.channels &+ 3) / 4
    row_step = Int32(truncatingIfNeeded: window.rowByteCount &- 4 &* groups)
    ring_bytes = Int32(truncatingIfNeeded: window.ringHeight &* window.rowByteCount)
    self.groups = UInt32(truncatingIfNeeded: groups)
  }
}
