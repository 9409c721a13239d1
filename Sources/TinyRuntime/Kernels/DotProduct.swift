import CTinyRuntime

/// The sum of products of `count` int8 values from `first` of `values` and from `other` of `weights`. Wraps
/// past 32 bits; the exporter proved that it doesn't get there.
@inline(always)
func dotProduct(
  _ values: Bytes, from first: Int, _ weights: Bytes, from other: Int, count: Int
) -> Int32 {
  thimble_dot(
    values.advanced(by: first).address, weights.advanced(by: other).address,
    UInt32(truncatingIfNeeded: count))
}
