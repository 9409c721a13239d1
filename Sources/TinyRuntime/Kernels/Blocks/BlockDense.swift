import CTinyRuntime

/// Adds one input row to the accumulators of a dense layer whose weights lie in blocks. Equal to `denseAccumulate`.
///
/// - Parameters:
///   - row: (width, channels), and after it as many bytes as it lacks of a multiple of 16.
///   - blocks: of the row.
///   - weights: of this row, as `BlockLayout` has them.
///   - accumulators: a 32-bit sum for each output.
///   - outputs: how many.
func blockDenseAccumulate(
  _ row: Bytes, blocks: Int, weights: Bytes, into accumulators: MutableBytes, outputs: Int
) {
  let one = thimble_rows(end: .max, count: 1, row_step: 0, ring_bytes: 0)
  var weights = weights.address
  var accumulators = accumulators.address
  var left = outputs
  while left > 0 {
    let count = Int32(truncatingIfNeeded: min(4, left))
    let sums =
      left >= 4
      ? thimble_pixel_sums(row.address, one, weights, Int32(truncatingIfNeeded: blocks))
      : thimble_rest_sums(row.address, one, weights, Int32(truncatingIfNeeded: blocks), count)
    thimble_accumulate(accumulators, sums, count)
    weights &+= UInt(bitPattern: 64 &* blocks)
    accumulators &+= 16
    left &-= 4
  }
}
