/// The sum that is the gradient of a convolution's weights: `sums[row][channel] += sum over pixel of
/// input[pixel][row] * gradient[pixel][channel]`, where a row is an input under the kernel.
///
/// Where rows are not a multiple of a block, it goes on in the table, and what comes of that is left out.
struct OuterProduct {
  var rows: Int
  /// Where each row's input is, from the pixel's start.
  var rowOffsets: UnsafePointer<Int32>
  var pixels: Int
  /// Where each pixel's inputs start.
  var inputPixels: UnsafePointer<Int32>
  /// From a pixel's gradients to the next one's.
  var gradientStride: Int
  /// The gradients of a pixel, a multiple of eight; also from a row of sums to the next.
  var channels: Int
  /// Whether gradients and sums start on borders of sixteen floats, pixel for pixel and row for row.
  var isWide: Bool

  /// Computes it, 32, 16 or 8 channels at a time.
  func callAsFunction(
    _ input: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>,
    into sums: UnsafeMutablePointer<Float>
  ) {
    var channel = 0
    if isWide {
      while channels - channel >= 32 {
        sixes(SIMD16<Float>.self, input, gradient, sums, channel)
        channel += 32
      }
      if channel < channels { eights(SIMD16<Float>.self, input, gradient, sums, channel) }
      return
    }
    while channels - channel >= 16 {
      sixes(SIMD8<Float>.self, input, gradient, sums, channel)
      channel += 16
    }
    if channel < channels { eights(SIMD8<Float>.self, input, gradient, sums, channel) }
  }

  /// Two vectors of channels of six rows at a time.
  @inline(__always)
  private func sixes<V: SIMD>(
    _: V.Type, _ input: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>,
    _ sums: UnsafeMutablePointer<Float>, _ channel: Int
  ) where V.Scalar == Float {
    var row = 0
    while row < rows {
      var tile = SixByTwo<V>()
      tile.accumulate(
        input, rowOffsets + row, inputPixels, count: pixels, gradient + channel,
        stride: gradientStride)
      let target = sums + row &* channels + channel
      let live = rows &- row
      tile.forEach { place, a, b in
        guard place < live else { return }
        add(a, to: target + place &* channels)
        add(b, to: target + place &* channels + V.scalarCount)
      }
      row &+= 6
    }
  }

  /// A vector of channels of eight rows at a time.
  @inline(__always)
  private func eights<V: SIMD>(
    _: V.Type, _ input: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>,
    _ sums: UnsafeMutablePointer<Float>, _ channel: Int
  ) where V.Scalar == Float {
    var row = 0
    while row < rows {
      var tile = EightByOne<V>()
      tile.accumulate(
        input, rowOffsets + row, inputPixels, count: pixels, gradient + channel,
        stride: gradientStride)
      let target = sums + row &* channels + channel
      let live = rows &- row
      tile.forEach { place, a in
        if place < live { add(a, to: target + place &* channels) }
      }
      row &+= 8
    }
  }

  @inline(__always)
  private func add<V: SIMD>(_ sum: V, to target: UnsafeMutablePointer<Float>)
  where V.Scalar == Float {
    (V(at: target) + sum).store(to: target)
  }
}
