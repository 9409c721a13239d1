import CTinyRuntime

/// The sums of a pixel and eight channels of a convolution in layout `eights`, over all rows of its kernel and without the bias.
struct Tile {
  private let window: RowWindow
  private let input: Bytes
  private let weights: Bytes
  private var tile = thimble_tile()

  /// The channels of a tile.
  static let channels = 8

  /// Tiles over a window of `input`, whose first one has the weights at `weights`.
  @inline(always)
  init(_ input: Bytes, _ window: RowWindow, weights: Bytes) {
    self.window = window
    self.input = input
    self.weights = weights
    let groups = (window.kernelWidth &* window.channels &+ 3) / 4
    tile.ring_bytes = Int32(truncatingIfNeeded: window.ringHeight &* window.rowByteCount)
    tile.groups = UInt32(truncatingIfNeeded: groups)
    tile.row_step = Int32(truncatingIfNeeded: window.rowByteCount &- 4 &* groups)
  }

  /// Goes back to the weights of the first channels.
  @inline(always)
  mutating func rewind() { tile.weights = weights.address }

  /// The sum of a channel.
  @inline(always)
  subscript(channel: Int) -> Int32 { mutating get { tile.sum(channel) } }

  /// Computes the sums, and goes on to the weights of the next channels.
  /// - Parameters:
  ///   - row: the first row, from the window's own.
  ///   - column: bytes from the start of a row to the pixel.
  @inline(always)
  mutating func sum(row: Int, column: Int) {
    var first = window.firstRow &+ row
    if first >= window.ringHeight { first &-= window.ringHeight }
    tile.input = input.address &+ UInt(bitPattern: first &* window.rowByteCount &+ column)
    tile.rows = UInt32(truncatingIfNeeded: window.kernelHeight)
    tile.rows_to_wrap = UInt32(truncatingIfNeeded: window.ringHeight &- first)
    tile.run()
  }

  /// Computes the largest sums over a pool's window, and goes on likewise.
  /// - Parameter column: bytes from the start of a row to the pool's first pixel.
  @inline(always)
  mutating func sumLargest(column: Int) {
    let start = tile.weights
    tile.is_pooled = 1
    for channel in 0..<Self.channels { tile.setSum(channel, .min) }
    for row in 0..<window.poolHeight {
      for x in 0..<window.poolWidth {
        tile.weights = start
        sum(row: row &* window.poolRowStep, column: column &+ x &* window.poolColumnStep)
      }
    }
  }
}
