import CTinyRuntime

/// One output row of a depthwise convolution whose weights are laid out for four channels at a time, or of a max pool over it. Equal
/// to `depthwiseConv2DRow`.
///
/// - Parameters:
///   - input: the input's ring.
///   - window: which rows of it, and how the window moves; a pool's window around it, 1 x 1 without a pool.
///   - weights: (channels / 4, kernel height, kernel width, 4).
///   - constants: for each channel a bias (the input's zero point folded in) and a multiplier.
///   - requantize: scales sums to int8.
///   - output: (width, channels).
@inline(always)
func depthwiseFoursRow(
  _ input: Bytes, _ window: RowWindow, weights: Bytes, constants: Bytes,
  _ requantize: Requantizer, into output: MutableBytes
) {
  var column = window.firstColumn
  var written = output
  for _ in 0..<window.outputWidth {
    var weight = weights
    var constant = constants
    for channel in stride(from: 0, to: window.channels, by: 4) {
      var sums = FourSums(repeating: .min)
      for row in 0..<window.poolHeight {
        for x in 0..<window.poolWidth {
          var sum = FourSums(repeating: 0)
          sum.add(
            input, window, row: row &* window.poolRowStep,
            column: column &+ channel &+ x &* window.poolColumnStep, weight)
          sums.takeLarger(sum)
        }
      }
      written[0] = requantize(sums.a &+ constant.int32(0), multiplier: constant.int32(1))
      written[1] = requantize(sums.b &+ constant.int32(2), multiplier: constant.int32(3))
      written[2] = requantize(sums.c &+ constant.int32(4), multiplier: constant.int32(5))
      written[3] = requantize(sums.d &+ constant.int32(6), multiplier: constant.int32(7))
      constant = constant.advanced(by: 32)
      written = written.advanced(by: 4)
      weight = weight.advanced(by: 4 &* window.kernelHeight &* window.kernelWidth)
    }
    column &+= window.columnStride
  }
}

/// The same for a 3 x 3 kernel without a pool and what is requantized without a left shift: see `RowWindow.isThreeByThree`.
@inline(always)
func depthwiseFoursRow3x3(
  _ input: Bytes, _ window: RowWindow, weights: Bytes, constants: Bytes,
  _ requantize: Requantizer, into output: MutableBytes
) {
  var row = thimble_convolution(
    input, window, weights: weights, constants: constants, channels: window.channels,
    of: window.channels,
    requantize, into: output)
  unsafe thimble_fours_depthwise_row(&row)
}

/// Sums of four channels.
private struct FourSums {
  var a: Int32
  var b: Int32
  var c: Int32
  var d: Int32

  @inline(always)
  init(repeating sum: Int32) { (a, b, c, d) = (sum, sum, sum, sum) }

  @inline(always)
  mutating func takeLarger(_ other: FourSums) {
    a = max(a, other.a)
    b = max(b, other.b)
    c = max(c, other.c)
    d = max(d, other.d)
  }

  /// Adds a window's products of channels that begin `column` bytes into a row.
  @inline(always)
  mutating func add(
    _ input: Bytes, _ window: RowWindow, row: Int, column: Int, _ weights: Bytes
  ) {
    var weight = weights
    for kernelRow in 0..<window.kernelHeight {
      var value = input.advanced(by: window.offset(ofRow: row &+ kernelRow) &+ column)
      for _ in 0..<window.kernelWidth {
        a &+= Int32(value[0]) &* Int32(weight[0])
        b &+= Int32(value[1]) &* Int32(weight[1])
        c &+= Int32(value[2]) &* Int32(weight[2])
        d &+= Int32(value[3]) &* Int32(weight[3])
        value = value.advanced(by: window.channels)
        weight = weight.advanced(by: 4)
      }
    }
  }
}
