/// One output row of a convolution, or of a max pool over one, plain and portable: the definition that faster kernels must
/// equal.
///
/// - Parameters:
///   - input: the input's ring.
///   - window: which rows of it, and how the window moves; a pool's window around it, 1 x 1 without a pool.
///   - weights: (output channels, kernel height, kernel width, input channels / groups).
///   - constants: for each output channel a bias, which holds `-zeroPoint * sum(weights)` of the input's zero
///     point, and a multiplier.
///   - groups: divides both channel counts.
///   - channels: output channels that are made.
///   - outputChannels: of an output pixel.
///   - requantize: scales sums to int8.
///   - output: (width, output channels).
@inline(always)
func conv2DRow(
  _ input: Bytes, _ window: RowWindow, weights: Bytes, constants: Bytes, groups: Int,
  channels: Int, of outputChannels: Int, _ requantize: Requantizer, into output: MutableBytes
) {
  let inputsPerGroup = window.channels / groups
  let outputsPerGroup = channels / groups
  // One group's pixels lie side by side along a kernel row without gaps, so the row is one run; else it is one run a pixel.
  let isOneRun = window.pixelStride == inputsPerGroup
  let runCount = isOneRun ? 1 : window.kernelWidth
  let runLength = isOneRun ? window.kernelWidth &* inputsPerGroup : inputsPerGroup
  var output = output
  for x in 0..<window.outputWidth {
    var written = 0
    var firstWeight = 0
    for group in 0..<groups {
      let firstInput = group &* inputsPerGroup
      for channel in group &* outputsPerGroup..<(group &+ 1) &* outputsPerGroup {
        let bias = constants.int32(2 &* channel)
        var largest = Int32.min
        for poolRow in 0..<window.poolHeight {
          for poolColumn in 0..<window.poolWidth {
            var sum = bias
            var weight = firstWeight
            for row in 0..<window.kernelHeight {
              var value =
                window.offset(
                  ofPixel: x, poolRow: poolRow, poolColumn: poolColumn, kernelRow: row)
                &+ firstInput
              for _ in 0..<runCount {
                sum &+= dotProduct(input, from: value, weights, from: weight, count: runLength)
                value &+= window.pixelStride
                weight &+= runLength
              }
            }
            largest = max(largest, sum)
          }
        }
        firstWeight &+= window.kernelHeight &* runCount &* runLength
        output[written] = requantize(largest, multiplier: constants.int32(2 &* channel &+ 1))
        written &+= 1
      }
    }
    output = output.advanced(by: outputChannels)
  }
}
