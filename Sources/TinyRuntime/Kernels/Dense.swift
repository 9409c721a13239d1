/// Adds one input row to a dense layer's accumulators.
///
/// - Parameters:
///   - row: (input width, input channels).
///   - index: which row it is, from 0.
///   - rowCount: how many rows the input has.
///   - weights: (outputs, input height, input width, input channels).
///   - accumulators: one an output; they start as the biases.
func denseAccumulate(
  _ row: Span<Int8>, index: Int, of rowCount: Int, weights: Span<Int8>,
  into accumulators: inout MutableSpan<Int32>
) {
  var weight = index &* row.count
  for output in 0..<accumulators.count {
    accumulators[output] &+= dotProduct(row, from: 0, weights, from: weight, count: row.count)
    weight &+= rowCount &* row.count
  }
}
