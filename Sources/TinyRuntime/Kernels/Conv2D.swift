/// One output row of a convolution, plain and portable: the definition that faster kernels must equal.
///
/// - Parameters:
///   - input: the input's ring.
///   - window: which rows of it, and how the window moves.
///   - weights: (output channels, kernel height, kernel width, input channels / groups).
///   - constants: for each output channel a bias, which holds `-zeroPoint * sum(weights)` of the input's zero
///     point, and a multiplier.
///   - groups: divides both channel counts.
///   - outputChannels: how many of them.
///   - requantize: scales sums to int8.
///   - output: (width, output channels).
func conv2DRow(
  _ input: Span<Int8>, _ window: RowWindow, weights: Span<Int8>, constants: RawSpan, groups: Int,
  outputChannels: Int, _ requantize: Requantizer, into output: inout MutableSpan<Int8>
) {
  let inputsPerGroup = window.channels / groups
  let outputsPerGroup = outputChannels / groups
  // One group's pixels lie side by side along a kernel row, so the row is one run; with more groups it is one run a pixel.
  let runCount = groups == 1 ? 1 : window.kernelWidth
  let runLength = groups == 1 ? window.kernelWidth &* inputsPerGroup : inputsPerGroup
  var written = 0
  for x in 0..<window.outputWidth {
    let column = window.firstColumn &+ x &* window.columnStride
    var weight = 0
    for group in 0..<groups {
      let start = column &+ group &* inputsPerGroup
      for channel in group &* outputsPerGroup..<(group &+ 1) &* outputsPerGroup {
        var sum = constants.int32(at: 8 &* channel)
        for row in 0..<window.kernelHeight {
          var value = window.offset(ofRow: row) &+ start
          for _ in 0..<runCount {
            sum &+= dotProduct(input, from: value, weights, from: weight, count: runLength)
            value &+= window.channels
            weight &+= runLength
          }
        }
        output[written] = requantize(sum, multiplier: constants.int32(at: 8 &* channel &+ 4))
        written &+= 1
      }
    }
  }
}
