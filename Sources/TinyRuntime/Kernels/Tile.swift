import CTinyRuntime

/// The sums of a few pixels and channels of a convolution, over all rows of its kernel and without the bias.
struct Tile {
  private var tile = thimble_tile()
  private let layout: WeightLayout
  private let input: Bytes
  private let weights: Bytes
  private let rowByteCount: Int
  private let ringHeight: Int
  private let firstRow: Int
  private let kernelHeight: UInt32
  private var largest: [8 of Int32] = .init(repeating: .min)

  /// Tiles over a window of `input`, whose first one has the weights at `weights`.
  @inline(always)
  init(_ input: Bytes, _ window: RowWindow, _ layout: WeightLayout, weights: Bytes) {
    self.input = input
    self.layout = layout
    self.weights = weights
    rowByteCount = window.rowByteCount
    ringHeight = window.ringHeight
    firstRow = window.firstRow
    kernelHeight = UInt32(truncatingIfNeeded: window.kernelHeight)
    let groups = (window.kernelWidth &* window.channels &+ 3) / 4
    tile.row_step = Int32(truncatingIfNeeded: rowByteCount &- 4 &* groups)
    tile.ring_bytes = Int32(truncatingIfNeeded: ringHeight &* rowByteCount)
    tile.groups = UInt32(truncatingIfNeeded: groups)
  }

  /// Goes back to the weights of the first channels.
  @inline(always)
  mutating func rewind() { tile.weights = weights.address }

  /// The sum of a pixel and channel.
  @inline(always)
  subscript(index: Int) -> Int32 { mutating get { tile.sum(index) } }

  /// Computes the sums, and goes on to the weights of the next channels.
  /// - Parameters:
  ///   - row: the first row of the window, from the window's own.
  ///   - column: bytes from the start of a row to the first pixel.
  ///   - pixelStep: bytes to the second pixel, if the layout has two in a tile.
  @inline(always)
  mutating func sum(row: Int, column: Int, pixelStep: Int) {
    var first = firstRow &+ row
    if first >= ringHeight { first &-= ringHeight }
    tile.input = input.address &+ UInt(bitPattern: first &* rowByteCount &+ column)
    tile.pixel_step = Int32(truncatingIfNeeded: pixelStep &- 4)
    tile.rows = kernelHeight
    tile.rows_to_wrap = UInt32(truncatingIfNeeded: ringHeight &- first)
    tile.sum(layout)
  }

  /// Computes the largest sums over a pool's window as those of the first pixel, and goes on likewise.
  /// - Parameters:
  ///   - window: has the pool.
  ///   - column: bytes from the start of a row to the pool's first pixel.
  ///   - pixelStep: bytes from a pixel to the next.
  @inline(always)
  mutating func sumLargest(_ window: RowWindow, column: Int, pixelStep: Int) {
    let channels = layout.channelsInTile
    let start = tile.weights
    for channel in 0..<channels { largest[channel] = .min }
    for row in 0..<window.poolHeight {
      var left = window.poolWidth
      var column = column
      while left > 0 {
        tile.weights = start
        // An odd last pixel is computed twice.
        sum(
          row: row &* window.poolRowStep, column: column, pixelStep: left == 1 ? 0 : pixelStep)
        for channel in 0..<channels {
          for pixel in 0..<layout.pixelsInTile {
            largest[channel] = max(largest[channel], tile.sum(pixel &* channels &+ channel))
          }
        }
        column &+= layout.pixelsInTile &* pixelStep
        left &-= layout.pixelsInTile
      }
    }
    for channel in 0..<channels { tile.setSum(channel, largest[channel]) }
  }
}
