/// One row of a softmax over the channels of each pixel; the output's scale is 1/256 and its zero point -128.
///
/// `exp(-d * scale)`, for the distance d of a value from the pixel's largest, is the product of the factors
/// `exp(-scale * 2^b)` of the bits b that are set in d: eight numbers instead of a table of 256.
///
/// - Parameters:
///   - input: (width, channels).
///   - count: how many values.
///   - constants: the factors for b = 0 ... 7, in 1/2^31, so at most 2^31.
///   - channels: at most 256: a sum of as many values of up to 2^23 fits 32 bits.
///   - output: (width, channels).
@inline(always)
func softmaxRow(
  _ input: Bytes, count: Int, constants: Bytes, channels: Int, into output: MutableBytes
) {
  var pixel = 0
  while pixel < count {
    var largest = Int8.min
    for index in pixel..<pixel &+ channels { largest = max(largest, input[index]) }
    var sum: UInt32 = 0
    for index in pixel..<pixel &+ channels {
      sum &+= exponential(of: input[index], below: largest, constants)
    }
    for index in pixel..<pixel &+ channels {
      // At most 2^31 before, and 2^30 added; the largest has a part in the sum, so it isn't 0.
      let share = exponential(of: input[index], below: largest, constants) &<< 8
      let rounded = (share &+ sum &>> 1) / max(sum, 1)
      output[index] = saturated(Int32(truncatingIfNeeded: rounded) &- 128)
    }
    pixel &+= channels
  }
}

/// `exp((value - largest) * scale)` in 1/2^23.
@inline(always)
private func exponential(of value: Int8, below largest: Int8, _ constants: Bytes) -> UInt32 {
  var distance = Int32(largest) &- Int32(value)
  var product: UInt32 = 1 &<< 31
  var bit = 0
  while distance != 0 {
    if distance & 1 != 0 {
      let wide = product.multipliedFullWidth(by: UInt32(bitPattern: constants.int32(bit)))
      product = wide.high &<< 1 | wide.low &>> 31
    }
    distance &>>= 1
    bit &+= 1
  }
  return product &>> 8
}
