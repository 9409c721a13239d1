/// One output row of a depthwise convolution, or of a max pool over one, plain and portable.
///
/// - Parameters:
///   - input: the input's ring.
///   - window: which rows of it, and how the window moves; a pool's window around it, 1 x 1 without a pool.
///   - weights: (kernel height, kernel width, channels).
///   - constants: for each channel a bias (the input's zero point folded in) and a multiplier.
///   - requantize: scales sums to int8.
///   - output: (width, channels).
func depthwiseConv2DRow(
  _ input: Span<Int8>, _ window: RowWindow, weights: Span<Int8>, constants: RawSpan,
  _ requantize: Requantizer, into output: inout MutableSpan<Int8>
) {
  var written = 0
  for x in 0..<window.outputWidth {
    let column = window.firstColumn &+ x &* window.columnStride
    for channel in 0..<window.channels {
      let bias = constants.int32(at: 8 &* channel)
      var largest = Int32.min
      for poolRow in 0..<window.poolHeight {
        for poolColumn in 0..<window.poolWidth {
          var sum = bias
          var weight = channel
          for row in 0..<window.kernelHeight {
            var value =
              window.offset(ofRow: poolRow &* window.poolRowStep &+ row) &+ column &+ channel
              &+ poolColumn &* window.poolColumnStep
            for _ in 0..<window.kernelWidth {
              sum &+= Int32(input[value]) &* Int32(weights[weight])
              value &+= window.channels
              weight &+= window.channels
            }
          }
          largest = max(largest, sum)
        }
      }
      output[written] = requantize(largest, multiplier: constants.int32(at: 8 &* channel &+ 4))
      written &+= 1
    }
  }
}
