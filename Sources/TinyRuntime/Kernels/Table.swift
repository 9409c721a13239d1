/// One row of a function of one value. May be done in place.
///
/// - Parameters:
///   - input: (width, channels).
///   - count: how many values.
///   - table: 256 bytes; byte n is the output for the value whose bits are n.
///   - output: (width, channels).
func tableRow(_ input: Bytes, count: Int, table: Bytes, into output: MutableBytes) {
  for index in 0..<count {
    output[index] = table[Int(UInt8(bitPattern: input[index]))]
  }
}
