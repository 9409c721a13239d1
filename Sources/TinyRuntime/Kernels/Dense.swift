/// Adds one input row to a dense layer's accumulators.
///
/// - Parameters:
///   - row: (input width, input channels).
///   - count: how many values.
///   - weights: those of this row: (outputs, input height, input width, input channels).
///   - stride: weights from an output's to the next one's.
///   - accumulators: one an output; they start as the biases.
///   - outputs: how many.
@inline(always)
func denseAccumulate(
  _ row: Bytes, count: Int, weights: Bytes, stride: Int, into accumulators: MutableBytes,
  outputs: Int
) {
  var weight = weights
  for output in 0..<outputs {
    accumulators.setInt32(
      output,
      accumulators.int32(output) &+ dotProduct(row, from: 0, weight, from: 0, count: count))
    weight = weight.advanced(by: stride)
  }
}
