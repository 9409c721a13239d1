/// One output row of a depthwise convolution, or of a max pool over one, plain and portable.
///
/// - Parameters:
///   - input: the input's ring.
///   - window: which rows of it, and how the window moves; a pool's window around it, 1 x 1 without a pool.
///   - weights: (kernel height, kernel width, channels), or in fours, (channels / 4, kernel height, kernel width, 4).
///   - isInFours: which of the two.
///   - constants: for each channel a bias (the input's zero point folded in) and a multiplier.
///   - requantize: scales sums to int8.
///   - output: (width, channels).
@inline(always)
func depthwiseConv2DRow(
  _ input: Bytes, _ window: RowWindow, weights: Bytes, isInFours: Bool, constants: Bytes,
  _ requantize: Requantizer, into output: MutableBytes
) {
  let step = isInFours ? 4 : window.channels
  var written = 0
  for x in 0..<window.outputWidth {
    for channel in 0..<window.channels {
      let bias = constants.int32(2 &* channel)
      // Channel c of four begins c bytes into theirs.
      let firstWeight =
        isInFours
        ? channel / 4 &* 4 &* window.kernelHeight &* window.kernelWidth &+ channel % 4 : channel
      var largest = Int32.min
      for poolRow in 0..<window.poolHeight {
        for poolColumn in 0..<window.poolWidth {
          var sum = bias
          var weight = firstWeight
          for row in 0..<window.kernelHeight {
            var value =
              window.offset(ofPixel: x, poolRow: poolRow, poolColumn: poolColumn, kernelRow: row)
              &+ channel
            for _ in 0..<window.kernelWidth {
              sum &+= Int32(input[value]) &* Int32(weights[weight])
              value &+= window.pixelStride
              weight &+= step
            }
          }
          largest = max(largest, sum)
        }
      }
      output[written] = requantize(largest, multiplier: constants.int32(2 &* channel &+ 1))
      written &+= 1
    }
  }
}
