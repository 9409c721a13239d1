/// One row of a sum of two activations:
///
///     saturate((first * M1 + second * M2 + B) >> r)
///
/// with `M = round(scale / outputScale * 2^r)` of each input, both below 2^22, and B holding the zero points and
/// half a step, so that there is one rounding.
///
/// - Parameters:
///   - first: (width, channels).
///   - second: (width, channels).
///   - count: how many values.
///   - constants: M1, M2, B.
///   - rightShift: r.
///   - output: (width, channels).
@inline(always)
func addRow(
  _ first: Bytes, _ second: Bytes, count: Int, constants: Bytes, rightShift: Int,
  into output: MutableBytes
) {
  let firstMultiplier = constants.int32(0)
  let secondMultiplier = constants.int32(1)
  let bias = constants.int32(2)
  let shift = Int32(truncatingIfNeeded: rightShift)
  for index in 0..<count {
    let sum =
      Int32(first[index]) &* firstMultiplier &+ Int32(second[index]) &* secondMultiplier &+ bias
    output[index] = saturated(sum &>> shift)
  }
}
