/// Adds one input row to a global average pool's accumulators.
///
/// - Parameters:
///   - row: (input width, channels).
///   - width: pixels in the row.
///   - accumulators: one a channel; they start as `-pixels * zero point` of the input.
///   - channels: how many.
@inline(always)
func globalAverageAccumulate(
  _ row: Bytes, width: Int, into accumulators: MutableBytes, channels: Int
) {
  var pixel = row
  for _ in 0..<width {
    for channel in 0..<channels {
      accumulators.setInt32(channel, accumulators.int32(channel) &+ Int32(pixel[channel]))
    }
    pixel = pixel.advanced(by: channels)
  }
}
