/// One row of a product of two activations, value by value. May be done in place.
///
/// - Parameters:
///   - first: (width, channels).
///   - firstZero: its zero point.
///   - second: (width, channels).
///   - secondZero: its zero point.
///   - count: how many values.
///   - multiplier: scales products to steps of the output.
///   - requantize: scales products, which are at most 255 * 255, to int8.
///   - output: (width, channels).
func multiplyRow(
  _ first: Bytes, zeroPoint firstZero: Int8, _ second: Bytes, zeroPoint secondZero: Int8,
  count: Int, multiplier: Int32, _ requantize: Requantizer, into output: MutableBytes
) {
  for index in 0..<count {
    let product =
      (Int32(first[index]) &- Int32(firstZero)) &* (Int32(second[index]) &- Int32(secondZero))
    output[index] = requantize(product, multiplier: multiplier)
  }
}
