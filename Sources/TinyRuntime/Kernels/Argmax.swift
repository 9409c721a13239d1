/// One row of which channel of each pixel is the largest, the first of equals.
///
/// - Parameters:
///   - input: (width, channels).
///   - channels: at most 128, so that an index fits.
///   - output: (width): indices, from 0.
///   - width: how many pixels.
func argmaxRow(_ input: Bytes, channels: Int, into output: MutableBytes, width: Int) {
  var pixel = input
  for x in 0..<width {
    var best = 0
    for channel in 0..<channels where pixel[channel] > pixel[best] { best = channel }
    output[x] = Int8(truncatingIfNeeded: best)
    pixel = pixel.advanced(by: channels)
  }
}
