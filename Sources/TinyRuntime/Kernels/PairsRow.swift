import CTinyRuntime

/// One output row of a convolution whose weights are in layout `pairs`, or of a max pool over it: two pixels and two channels at
/// a time, which share what they load. Equal to `conv2DRow`.
///
/// - Parameters:
///   - input: the input's ring, and after it as many bytes as a run lacks of a multiple of 4.
///   - window: which rows of it, and how the window moves; a pool's window around it, 1 x 1 without a pool.
///   - weights: in layout `pairs`.
///   - constants: for each output channel a bias, which holds `-zeroPoint * sum(weights)` of the input's zero
///     point, and a multiplier.
///   - channels: output channels that are made.
///   - outputChannels: of an output pixel.
///   - requantize: scales sums to int8, without a left shift.
///   - output: (width, output channels).
@inline(always)
func pairsRow(
  _ input: Bytes, _ window: RowWindow, weights: Bytes, constants: Bytes, channels: Int,
  of outputChannels: Int,
  _ requantize: Requantizer, into output: MutableBytes
) {
  // Its pixels lie as many bytes apart as it makes channels.
  if window.isPairedPlane3x3, channels == outputChannels {
    return planeRow(
      input, window, weights: weights, constants: constants, outputChannels: outputChannels,
      requantize, into: output)
  }
  var row = PairsRow(input, window, requantize)
  var column = window.firstColumn
  var pixel = output
  var left = window.outputWidth
  while left > 0 {
    let made = row.isPooled ? 1 : min(left, 2)
    row.pairs.output_step = made == 1 ? 0 : Int32(truncatingIfNeeded: outputChannels)
    row.pairs.weights = weights.address
    row.pairs.constants = constants.address
    row.pairs.output = pixel.address
    row.pairs.channels = UInt32(truncatingIfNeeded: channels)
    row.run(column: column, pixels: made)
    column &+= made &* window.columnStride
    pixel = pixel.advanced(by: made &* outputChannels)
    left &-= made
  }
}

/// What the pixels of a row have in common.
private struct PairsRow {
  private let input: Bytes
  private let window: RowWindow
  var pairs = thimble_pairs()

  var isPooled: Bool { window.poolHeight &* window.poolWidth > 1 }

  @inline(always)
  init(_ input: Bytes, _ window: RowWindow, _ requantize: Requantizer) {
    self.input = input
    self.window = window
    let run = run
    pairs.row_step = Int32(truncatingIfNeeded: window.rowByteCount &- (run.length &+ 3) & ~3)
    pairs.ring_bytes = Int32(truncatingIfNeeded: window.ringHeight &* window.rowByteCount)
    pairs.rows = UInt32(truncatingIfNeeded: run.rows)
    pairs.groups = UInt32(truncatingIfNeeded: (run.length &+ 3) / 4)
    pairs.offset = requantize.offset
    pairs.right_shift = UInt32(bitPattern: requantize.rightShift)
  }

  @inline(always)
  private var run: (rows: Int, length: Int) {
    WeightLayout.pairs.run(
      rows: window.kernelHeight, runLength: window.kernelWidth &* window.channels)
  }

  /// Computes the output of the window `column` bytes into a row, and of the next one if `pixels` is 2.
  @inline(always)
  mutating func run(column: Int, pixels: Int) {
    let width = isPooled ? window.poolWidth : pixels
    let step = isPooled ? window.poolColumnStep : window.columnStride
    var count = 0
    for row in 0..<window.poolHeight {
      var first = window.firstRow &+ row &* window.poolRowStep
      if first >= window.ringHeight { first &-= window.ringHeight }
      var position = thimble_position()
      position.input = input.address &+ UInt(bitPattern: first &* window.rowByteCount &+ column)
      position.rows_to_wrap = UInt32(truncatingIfNeeded: window.ringHeight &- first)
      var x = 0
      while x < width {
        // An odd last window has no second.
        position.pixel_step = Int32(truncatingIfNeeded: (x == width &- 1 ? 0 : step) &- 4)
        pairs.setPosition(count, position)
        position.input &+= UInt(bitPattern: 2 &* step)
        count &+= 1
        x &+= 2
      }
    }
    pairs.run(
      positions: count, isGathered: run.rows != window.kernelHeight, rows: window.kernelHeight,
      runLength: window.kernelWidth &* window.channels, rowByteCount: window.rowByteCount)
  }
}
