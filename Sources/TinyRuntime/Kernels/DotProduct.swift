/// The sum of products of `count` int8 values from `first` of `values` and from `other` of `weights`. Wraps
/// past 32 bits; the exporter proved that it doesn't get there.
@inline(__always)
func dotProduct(
  _ values: Span<Int8>, from first: Int, _ weights: Span<Int8>, from other: Int, count: Int
) -> Int32 {
  let left = values.extracting(first..<first &+ count)
  let right = weights.extracting(other..<other &+ count)
  var sum: Int32 = 0
  for index in 0..<count {
    sum &+= Int32(left[index]) &* Int32(right[index])
  }
  return sum
}
