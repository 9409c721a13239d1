/// Adds one input row to a dense layer's accumulators.
///
/// - Parameters:
///   - row: (input width, input channels).
///   - rowCount: how many values.
///   - stride: weights from an output's to the next one's.
///   - weights: those of this row: (outputs, input height, input width, input channels).
///   - accumulators: one an output; they start as the biases.
///   - outputs: how many.
@inline(always)
func denseAccumulate(
  _ row: Bytes, count rowCount: Int, weights: Bytes, stride: Int, into accumulators: MutableBytes,
  outputs: Int
) {
  var weight = weights
  for output in 0..<outputs {
    accumulators.setInt32(
      output,
      accumulators.int32(output) &+ dotProduct(row, from: 0, weight, from: 0, count: rowCount))
    weight = weight.advanced(by: stride)
  }
}
