/// The sum every convolution and dense layer is made of, forwards and to its input:
/// `output[pixel][channel] += sum over row, k of input[pixel][row][k] * weight[channel][row][k]`,
/// for a run of pixels of one row and some channels. Strides are in vectors of lanes for
/// activations, in scalars for weights.
struct WeightedSum {
  /// What the output starts from.
  enum Start {
    /// One scalar a channel.
    case bias(UnsafePointer<Float>)
    case zero
    /// What is there.
    case output
  }

  var pixels: Int
  var channels: Int
  var rows: Int
  /// The number of consecutive input vectors a row takes.
  var run: Int
  var inputPixelStride: Int
  var inputRowStride: Int
  var outputPixelStride: Int
  var weightChannelStride: Int
  var weightRowStride: Int
  /// Between the weights of `k` and `k + 1`.
  var weightStride: Int

  /// Computes it, in blocks of 4 pixels x 4 channels and what is left over.
  func callAsFunction(
    _ input: UnsafePointer<Lanes>, _ weights: UnsafePointer<Float>, start: Start,
    into output: UnsafeMutablePointer<Lanes>
  ) {
    var pixel = 0
    while pixel < pixels {
      let wide = pixels &- pixel >= 4
      let x = input + pixel &* inputPixelStride
      let y = output + pixel &* outputPixelStride
      var channel = 0
      while channel < channels {
        let w = weights + channel &* weightChannelStride
        let tall = channels &- channel >= 4
        let start = start.advanced(by: channel)
        switch (wide, tall) {
        case (true, true): block4x4(x, w, start, y + channel)
        case (true, false): block4x1(x, w, start, y + channel)
        case (false, true): block1x4(x, w, start, y + channel)
        case (false, false): block1x1(x, w, start, y + channel)
        }
        channel &+= tall ? 4 : 1
      }
      pixel &+= wide ? 4 : 1
    }
  }

  private func block4x4(
    _ input: UnsafePointer<Lanes>, _ weights: UnsafePointer<Float>, _ start: Start,
    _ output: UnsafeMutablePointer<Lanes>
  ) {
    var c0 = start.pixels(output, stride: outputPixelStride, channel: 0)
    var c1 = start.pixels(output, stride: outputPixelStride, channel: 1)
    var c2 = start.pixels(output, stride: outputPixelStride, channel: 2)
    var c3 = start.pixels(output, stride: outputPixelStride, channel: 3)
    for row in 0..<rows {
      var x = input + row &* inputRowStride
      var w = weights + row &* weightRowStride
      for _ in 0..<run {
        let pixels = Quad(x, stride: inputPixelStride)
        c0.accumulate(pixels, Lanes(repeating: w[0]))
        c1.accumulate(pixels, Lanes(repeating: w[weightChannelStride]))
        c2.accumulate(pixels, Lanes(repeating: w[2 &* weightChannelStride]))
        c3.accumulate(pixels, Lanes(repeating: w[3 &* weightChannelStride]))
        x += 1
        w += weightStride
      }
    }
    c0.store(to: output, stride: outputPixelStride)
    c1.store(to: output + 1, stride: outputPixelStride)
    c2.store(to: output + 2, stride: outputPixelStride)
    c3.store(to: output + 3, stride: outputPixelStride)
  }

  private func block4x1(
    _ input: UnsafePointer<Lanes>, _ weights: UnsafePointer<Float>, _ start: Start,
    _ output: UnsafeMutablePointer<Lanes>
  ) {
    var sum = start.pixels(output, stride: outputPixelStride, channel: 0)
    for row in 0..<rows {
      var x = input + row &* inputRowStride
      var w = weights + row &* weightRowStride
      for _ in 0..<run {
        sum.accumulate(Quad(x, stride: inputPixelStride), Lanes(repeating: w[0]))
        x += 1
        w += weightStride
      }
    }
    sum.store(to: output, stride: outputPixelStride)
  }

  private func block1x4(
    _ input: UnsafePointer<Lanes>, _ weights: UnsafePointer<Float>, _ start: Start,
    _ output: UnsafeMutablePointer<Lanes>
  ) {
    var sums = start.channels(output)
    for row in 0..<rows {
      var x = input + row &* inputRowStride
      var w = weights + row &* weightRowStride
      for _ in 0..<run {
        let pixel = x[0]
        sums.v0.accumulate(pixel, Lanes(repeating: w[0]))
        sums.v1.accumulate(pixel, Lanes(repeating: w[weightChannelStride]))
        sums.v2.accumulate(pixel, Lanes(repeating: w[2 &* weightChannelStride]))
        sums.v3.accumulate(pixel, Lanes(repeating: w[3 &* weightChannelStride]))
        x += 1
        w += weightStride
      }
    }
    sums.store(to: output, stride: 1)
  }

  private func block1x1(
    _ input: UnsafePointer<Lanes>, _ weights: UnsafePointer<Float>, _ start: Start,
    _ output: UnsafeMutablePointer<Lanes>
  ) {
    var sum = start.value(output, channel: 0)
    for row in 0..<rows {
      var x = input + row &* inputRowStride
      var w = weights + row &* weightRowStride
      for _ in 0..<run {
        sum.accumulate(x[0], Lanes(repeating: w[0]))
        x += 1
        w += weightStride
      }
    }
    output[0] = sum
  }
}

extension WeightedSum.Start {
  /// The same start, `channels` further.
  @inline(__always)
  fileprivate func advanced(by channels: Int) -> Self {
    guard case .bias(let bias) = self else { return self }
    return .bias(bias + channels)
  }

  /// What one output value starts from.
  @inline(__always)
  fileprivate func value(_ output: UnsafePointer<Lanes>, channel: Int) -> Lanes {
    switch self {
    case .bias(let bias): Lanes(repeating: bias[channel])
    case .zero: .zero
    case .output: output[channel]
    }
  }

  /// What one channel of four pixels starts from.
  @inline(__always)
  fileprivate func pixels(_ output: UnsafePointer<Lanes>, stride: Int, channel: Int) -> Quad {
    switch self {
    case .bias(let bias): Quad(repeating: Lanes(repeating: bias[channel]))
    case .zero: Quad(repeating: .zero)
    case .output: Quad(output + channel, stride: stride)
    }
  }

  /// What four channels of one pixel start from.
  @inline(__always)
  fileprivate func channels(_ output: UnsafePointer<Lanes>) -> Quad {
    var quad = Quad(repeating: value(output, channel: 0))
    quad.v1 = value(output, channel: 1)
    quad.v2 = value(output, channel: 2)
    quad.v3 = value(output, channel: 3)
    return quad
  }
}
