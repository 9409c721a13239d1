import CTinyRuntime

/// The sum of products of `count` int8 values from `first` of `values` and from `other` of `weights`. Wraps
/// past 32 bits; the exporter proved that it doesn't get there.
@inline(always)
func dotProduct(
  _ values: Bytes, from first: Int, _ weights: Bytes, from other: Int, count: Int
) -> Int32 {
  var value = values.advanced(by: first)
  var weight = weights.advanced(by: other)
  var left = count
  var sum: Int32 = 0
  if thimble_has_dsp() {
    while left >= 4 {
      let x = value.word(at: 0)
      let w = weight.word(at: 0)
      sum = thimble_smlad(thimble_sxtb16(x), thimble_sxtb16(w), sum)
      sum = thimble_smlad(thimble_sxtb16_odd(x), thimble_sxtb16_odd(w), sum)
      value = value.advanced(by: 4)
      weight = weight.advanced(by: 4)
      left &-= 4
    }
  }
  for index in 0..<left {
    sum &+= Int32(value[index]) &* Int32(weight[index])
  }
  return sum
}
