/// One output row of an average pool.
///
/// - Parameters:
///   - input: the input's ring.
///   - window: which rows of it, and how the window moves.
///   - constants: a bias, `-kernel pixels * zero point` of the input, and a multiplier that holds the division.
///   - requantize: scales sums to int8.
///   - output: (width, channels).
@inline(always)
func averagePool2DRow(
  _ input: Bytes, _ window: RowWindow, constants: Bytes, _ requantize: Requantizer,
  into output: MutableBytes
) {
  let bias = constants.int32(0)
  let multiplier = constants.int32(1)
  var written = 0
  for x in 0..<window.outputWidth {
    let column = window.firstColumn &+ x &* window.columnStride
    for channel in 0..<window.channels {
      var sum = bias
      for row in 0..<window.kernelHeight {
        var value = window.offset(ofRow: row) &+ column &+ channel
        for _ in 0..<window.kernelWidth {
          sum &+= Int32(input[value])
          value &+= window.channels
        }
      }
      output[written] = requantize(sum, multiplier: multiplier)
      written &+= 1
    }
  }
}
