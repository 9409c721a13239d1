/// The sum of products of `count` int8 values from `first` of `values` and from `other` of `weights`. Wraps
/// past 32 bits; the exporter proved that it doesn't get there.
@inline(always)
func dotProduct(
  _ values: Bytes, from first: Int, _ weights: Bytes, from other: Int, count: Int
) -> Int32 {
  let left = values.advanced(by: first)
  let right = weights.advanced(by: other)
  var sum: Int32 = 0
  for index in 0..<count {
    sum &+= Int32(left[index]) &* Int32(right[index])
  }
  return sum
}
