import CTinyRuntime

/// One output row of a convolution whose weights are in layout `pairs`, or of a max pool over it: two pixels and two channels at
/// a time, which share what they load. Equal to `conv2DRow`.
///
/// - Parameters:
///   - input: the input's ring, and after it as many bytes as a run lacks of a multiple of 4.
///   - window: which rows of it, and how the window moves; a pool's window around it, of at most
///     `ModelFormat.foldedPoolLimit` pixels, 1 x 1 without a pool.
///   - weights: in layout `pairs`.
///   - constants: for each output channel a bias, which holds `-zeroPoint * sum(weights)` of the input's zero
///     point, and a multiplier.
///   - outputChannels: how many of them.
///   - requantize: scales sums to int8.
///   - output: (width, output channels).
@inline(always)
func pairsRow(
  _ input: Bytes, _ window: RowWindow, weights: Bytes, constants: Bytes, outputChannels: Int,
  _ requantize: Requantizer, into output: MutableBytes
) {
  var patches = Patches(repeating: 0)
  unsafe withUnsafeMutableBytes(of: &patches) { patches in
    var row = PairsRow(input, window, requantize, patches: UInt(bitPattern: patches.baseAddress!))
    var column = window.firstColumn
    var pixel = output
    var left = window.outputWidth
    while left > 0 {
      let made = row.isPooled ? 1 : min(left, 2)
      row.pairs.output_step = made == 1 ? 0 : Int32(truncatingIfNeeded: outputChannels)
      row.pairs.weights = weights.address
      row.pairs.constants = constants.address
      row.pairs.output = pixel.address
      row.pairs.channels = UInt32(truncatingIfNeeded: outputChannels)
      row.run(column: column, pixels: made)
      column &+= made &* window.columnStride
      pixel = pixel.advanced(by: made &* outputChannels)
      left &-= made
    }
  }
}

/// Room for the windows of a pool, gathered, and for what is copied past the last one.
private typealias Patches = [41 of UInt32]

/// What the pixels of a row have in common.
private struct PairsRow {
  private let input: Bytes
  private let window: RowWindow
  private let runLength: Int
  /// Whether windows are first copied to where they are one run.
  private let isGathered: Bool
  /// Where to: the address of `Patches`.
  private let patches: UInt
  var pairs = thimble_pairs()

  var isPooled: Bool { window.poolHeight &* window.poolWidth > 1 }

  @inline(always)
  init(_ input: Bytes, _ window: RowWindow, _ requantize: Requantizer, patches: UInt) {
    self.input = input
    self.patches = patches
    self.window = window
    runLength = window.kernelWidth &* window.channels
    let run = WeightLayout.pairs.run(rows: window.kernelHeight, runLength: runLength)
    isGathered = run.rows != window.kernelHeight
    pairs.row_step = Int32(truncatingIfNeeded: window.rowByteCount &- (run.length &+ 3) & ~3)
    pairs.ring_bytes = Int32(truncatingIfNeeded: window.ringHeight &* window.rowByteCount)
    pairs.rows = UInt32(truncatingIfNeeded: run.rows)
    pairs.groups = UInt32(truncatingIfNeeded: (run.length &+ 3) / 4)
    pairs.offset = requantize.offset
    pairs.right_shift = UInt32(bitPattern: requantize.rightShift)
    pairs.left_shift = UInt32(bitPattern: requantize.leftShift)
  }

  /// Computes the output of the window `column` bytes into a row, and of the next one if `pixels` is 2.
  @inline(always)
  mutating func run(column: Int, pixels: Int) {
    let width = isPooled ? window.poolWidth : pixels
    let step = isPooled ? window.poolColumnStep : window.columnStride
    let patchByteCount = (runLength &* window.kernelHeight &+ 3) & ~3
    var patch = patches
    var count = 0
    for row in 0..<window.poolHeight {
      var first = window.firstRow &+ row &* window.poolRowStep
      if first >= window.ringHeight { first &-= window.ringHeight }
      let rowsToWrap = UInt32(truncatingIfNeeded: window.ringHeight &- first)
      var address =
        input.address &+ UInt(bitPattern: first &* window.rowByteCount &+ column)
      for x in stride(from: 0, to: width, by: 2) {
        // An odd last window counts twice.
        let isOdd = x == width &- 1
        var position = thimble_position()
        if isGathered {
          position.input = patch
          position.rows_to_wrap = 2
          position.pixel_step = Int32(truncatingIfNeeded: (isOdd ? 0 : patchByteCount) &- 4)
          for next in 0..<(isOdd ? 1 : 2) {
            unsafe thimble_pairs_gather(
              &pairs, patch, address &+ UInt(bitPattern: next &* step), rowsToWrap,
              UInt32(truncatingIfNeeded: window.kernelHeight),
              UInt32(truncatingIfNeeded: runLength),
              Int32(truncatingIfNeeded: window.rowByteCount))
            patch &+= UInt(bitPattern: patchByteCount)
          }
        } else {
          position.input = address
          position.rows_to_wrap = rowsToWrap
          position.pixel_step = Int32(truncatingIfNeeded: (isOdd ? 0 : step) &- 4)
        }
        pairs.setPosition(count, position)
        address &+= UInt(bitPattern: 2 &* step)
        count &+= 1
      }
    }
    pairs.run(positions: count)
  }
}
