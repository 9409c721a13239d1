/// One output row of a max pool.
///
/// - Parameters:
///   - input: the input's ring; its scale and zero point are the output's.
///   - window: which rows of it, and how the window moves.
///   - output: (width, channels).
@inline(always)
func maxPool2DRow(
  _ input: Bytes, _ window: RowWindow, into output: MutableBytes
) {
  var written = 0
  for x in 0..<window.outputWidth {
    let column = window.firstColumn &+ x &* window.columnStride
    for channel in 0..<window.channels {
      var largest = Int8.min
      for row in 0..<window.kernelHeight {
        var value = window.offset(ofRow: row) &+ column &+ channel
        for _ in 0..<window.kernelWidth {
          largest = max(largest, input[value])
          value &+= window.channels
        }
      }
      output[written] = largest
      written &+= 1
    }
  }
}
