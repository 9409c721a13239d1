import CTinyRuntime

/// The sums of a few pixels and channels of a convolution, over all rows of its kernel and without the bias.
struct Tile {
  /// What computes the sums.
  enum Kind {
    /// Two pixels and two channels of a convolution in layout `pairs`.
    case pairs
    /// One pixel and eight channels of a convolution in layout `eights`.
    case eights
    /// One pixel and four channels of a depthwise convolution.
    case depthwise

    /// Of a convolution whose weights are in `layout`, which is not plain.
    @inline(always)
    init(_ layout: WeightLayout) { self = layout == .pairs ? .pairs : .eights }

    @inline(always)
    var pixels: Int { self == .pairs ? 2 : 1 }

    @inline(always)
    var channels: Int {
      switch self {
      case .pairs: 2
      case .eights: 8
      case .depthwise: 4
      }
    }
  }

  private let kind: Kind
  private let window: RowWindow
  private let input: Bytes
  private let weights: Bytes
  private var tile = thimble_tile()

  /// Tiles over a window of `input`, whose first one has the weights at `weights`.
  @inline(always)
  init(_ kind: Kind, _ input: Bytes, _ window: RowWindow, weights: Bytes) {
    self.kind = kind
    self.window = window
    self.input = input
    self.weights = weights
    tile.ring_bytes = Int32(truncatingIfNeeded: window.ringHeight &* window.rowByteCount)
    let run = window.kernelWidth &* window.channels
    if kind == .depthwise {
      tile.groups = UInt32(truncatingIfNeeded: window.kernelWidth)
      tile.pixel_step = Int32(truncatingIfNeeded: window.channels)
      tile.row_step = Int32(truncatingIfNeeded: window.rowByteCount &- run)
    } else {
      tile.groups = UInt32(truncatingIfNeeded: (run &+ 3) / 4)
      tile.row_step = Int32(truncatingIfNeeded: window.rowByteCount &- (run &+ 3) & ~3)
    }
  }

  /// Goes back to the weights of the first channels.
  @inline(always)
  mutating func rewind() { tile.weights = weights.address }

  /// The sum of a pixel and channel: index `pixel * channels + channel`.
  @inline(always)
  subscript(index: Int) -> Int32 { mutating get { tile.sum(index) } }

  /// Computes the sums, and goes on to the weights of the next channels.
  /// - Parameters:
  ///   - row: the first row, from the window's own.
  ///   - column: bytes from the start of a row to the first pixel.
  ///   - pixelStep: bytes to the second pixel, if there are two.
  @inline(always)
  mutating func sum(row: Int, column: Int, pixelStep: Int) {
    var first = window.firstRow &+ row
    if first >= window.ringHeight { first &-= window.ringHeight }
    tile.input = input.address &+ UInt(bitPattern: first &* window.rowByteCount &+ column)
    if kind == .pairs { tile.pixel_step = Int32(truncatingIfNeeded: pixelStep &- 4) }
    tile.rows = UInt32(truncatingIfNeeded: window.kernelHeight)
    tile.rows_to_wrap = UInt32(truncatingIfNeeded: window.ringHeight &- first)
    tile.sum(kind)
  }

  /// Computes the largest sums over a pool's window, and goes on likewise.
  /// - Parameter column: bytes from the start of a row to the pool's first pixel.
  @inline(always)
  mutating func sumLargest(column: Int) {
    let start = tile.weights
    tile.is_pooled = 1
    for channel in 0..<kind.channels { tile.setSum(channel, .min) }
    for row in 0..<window.poolHeight {
      var left = window.poolWidth
      var column = column
      while left > 0 {
        tile.weights = start
        // An odd last pixel is computed twice.
        sum(
          row: row &* window.poolRowStep, column: column,
          pixelStep: left == 1 ? 0 : window.poolColumnStep)
        column &+= kind.pixels &* window.poolColumnStep
        left &-= kind.pixels
      }
    }
  }
}
