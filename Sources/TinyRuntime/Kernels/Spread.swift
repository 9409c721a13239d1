/// Copies runs of values into a row at even distances: what concatenation, upsampling and reshapes are made of.
///
/// - Parameters:
///   - source: the runs, one behind the other.
///   - count: how many.
///   - length: values in a run.
///   - output: where the first run goes.
///   - stride: from the start of a run to that of the next.
func spread(
  _ source: Bytes, runs count: Int, of length: Int, into output: MutableBytes, every stride: Int
) {
  var source = source
  var output = output
  for _ in 0..<count {
    for index in 0..<length { output[index] = source[index] }
    source = source.advanced(by: length)
    output = output.advanced(by: stride)
  }
}
