/// The sum that is the gradient of a convolution's or dense layer's weights: `sum[channel][k] +=
/// sum over pixel of gradient[pixel][channel] * input[pixel][k]`, lane by lane; adding up the lanes
/// is left to the end. Strides are in vectors.
struct WeightGradient {
  var pixels: Int
  var channels: Int
  /// The number of consecutive input vectors of a pixel.
  var run: Int
  var inputPixelStride: Int
  var gradientPixelStride: Int
  var sumChannelStride: Int

  /// Computes it, in blocks of 4 channels x 4 inputs and what is left over.
  func callAsFunction(
    _ input: UnsafePointer<Lanes>, _ gradient: UnsafePointer<Lanes>,
    into sums: UnsafeMutablePointer<Lanes>
  ) {
    var channel = 0
    while channel < channels {
      let tall = channels &- channel >= 4
      let g = gradient + channel
      let row = sums + channel &* sumChannelStride
      var k = 0
      while k < run {
        let wide = run &- k >= 4
        switch (tall, wide) {
        case (true, true): block4x4(input + k, g, row + k)
        case (true, false): block4x1(input + k, g, row + k)
        case (false, true): block1x4(input + k, g, row + k)
        case (false, false): block1x1(input + k, g, row + k)
        }
        k &+= wide ? 4 : 1
      }
      channel &+= tall ? 4 : 1
    }
  }

  private func block4x4(
    _ input: UnsafePointer<Lanes>, _ gradient: UnsafePointer<Lanes>,
    _ sums: UnsafeMutablePointer<Lanes>
  ) {
    var k0 = Quad(sums, stride: sumChannelStride)
    var k1 = Quad(sums + 1, stride: sumChannelStride)
    var k2 = Quad(sums + 2, stride: sumChannelStride)
    var k3 = Quad(sums + 3, stride: sumChannelStride)
    var x = input
    var g = gradient
    for _ in 0..<pixels {
      let channels = Quad(g, stride: 1)
      k0.accumulate(channels, x[0])
      k1.accumulate(channels, x[1])
      k2.accumulate(channels, x[2])
      k3.accumulate(channels, x[3])
      x += inputPixelStride
      g += gradientPixelStride
    }
    k0.store(to: sums, stride: sumChannelStride)
    k1.store(to: sums + 1, stride: sumChannelStride)
    k2.store(to: sums + 2, stride: sumChannelStride)
    k3.store(to: sums + 3, stride: sumChannelStride)
  }

  private func block4x1(
    _ input: UnsafePointer<Lanes>, _ gradient: UnsafePointer<Lanes>,
    _ sums: UnsafeMutablePointer<Lanes>
  ) {
    var sum = Quad(sums, stride: sumChannelStride)
    var x = input
    var g = gradient
    for _ in 0..<pixels {
      sum.accumulate(Quad(g, stride: 1), x[0])
      x += inputPixelStride
      g += gradientPixelStride
    }
    sum.store(to: sums, stride: sumChannelStride)
  }

  private func block1x4(
    _ input: UnsafePointer<Lanes>, _ gradient: UnsafePointer<Lanes>,
    _ sums: UnsafeMutablePointer<Lanes>
  ) {
    var sum = Quad(sums, stride: 1)
    var x = input
    var g = gradient
    for _ in 0..<pixels {
      sum.accumulate(Quad(x, stride: 1), g[0])
      x += inputPixelStride
      g += gradientPixelStride
    }
    sum.store(to: sums, stride: 1)
  }

  private func block1x1(
    _ input: UnsafePointer<Lanes>, _ gradient: UnsafePointer<Lanes>,
    _ sums: UnsafeMutablePointer<Lanes>
  ) {
    var sum = sums[0]
    var x = input
    var g = gradient
    for _ in 0..<pixels {
      sum.accumulate(x[0], g[0])
      x += inputPixelStride
      g += gradientPixelStride
    }
    sums[0] = sum
  }
}
