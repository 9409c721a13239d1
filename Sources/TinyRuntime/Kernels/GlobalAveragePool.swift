/// Adds one input row to a global average pool's accumulators.
///
/// - Parameters:
///   - row: (input width, channels).
///   - accumulators: one a channel; they start as `-pixels * zero point` of the input.
func globalAverageAccumulate(_ row: Span<Int8>, into accumulators: inout MutableSpan<Int32>) {
  var value = 0
  while value < row.count {
    for channel in 0..<accumulators.count {
      accumulators[channel] &+= Int32(row[value &+ channel])
    }
    value &+= accumulators.count
  }
}
