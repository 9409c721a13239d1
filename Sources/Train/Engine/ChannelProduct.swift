/// The two sums that a depthwise convolution is made of, each channel by itself.
///
/// Where the inputs of a pixel lie is said by tables, which go on where pixels or taps are not a multiple of nine; what
/// comes of that is left out.
struct ChannelProduct {
  var pixels: Int
  /// Where each pixel's window starts.
  var windows: UnsafePointer<Int32>
  /// The number of pixels under a window.
  var tapCount: Int
  /// Where they are, from the window's start.
  var taps: UnsafePointer<Int32>
  /// The channels of a pixel, a multiple of eight; pixels, weights and sums lie one after another.
  var channels: Int

  /// Writes, or adds, `sum over tap of input[window + tap] * weights[tap]` for each pixel.
  func gather(
    _ input: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, start: GatherProduct.Start,
    into output: UnsafeMutablePointer<Float>
  ) {
    if channels % 16 == 0 {
      gather(SIMD16<Float>.self, input, weights, start, output)
    } else {
      gather(SIMD8<Float>.self, input, weights, start, output)
    }
  }

  @inline(__always)
  private func gather<V: SIMD>(
    _: V.Type, _ input: UnsafePointer<Float>, _ weights: UnsafePointer<Float>,
    _ start: GatherProduct.Start, _ output: UnsafeMutablePointer<Float>
  ) where V.Scalar == Float {
    for pixel in stride(from: 0, to: pixels, by: 9) {
      let live = pixels &- pixel
      for channel in stride(from: 0, to: channels, by: V.scalarCount) {
        let target = output + (pixel &* channels &+ channel)
        var tile = NineByOne<V>()
        if case .bias(let bias) = start {
          let first = V(at: bias + channel)
          tile.forEach { _, a in a = first }
        }
        tile.accumulate(
          input + channel, windows + pixel, taps, count: tapCount, weights + channel,
          stride: channels)
        tile.forEach { place, a in
          guard place < live else { return }
          write(a, start, to: target + place &* channels)
        }
      }
    }
  }

  @inline(__always)
  private func write<V: SIMD>(
    _ sum: V, _ start: GatherProduct.Start, to target: UnsafeMutablePointer<Float>
  ) where V.Scalar == Float {
    if case .output = start {
      (V(at: target) + sum).store(to: target)
    } else {
      sum.store(to: target)
    }
  }

  /// Adds `sum over pixel of input[window + tap] * gradient[pixel]` for each tap.
  func outer(
    _ input: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>,
    into sums: UnsafeMutablePointer<Float>
  ) {
    if channels % 16 == 0 {
      outer(SIMD16<Float>.self, input, gradient, sums)
    } else {
      outer(SIMD8<Float>.self, input, gradient, sums)
    }
  }

  @inline(__always)
  private func outer<V: SIMD>(
    _: V.Type, _ input: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>,
    _ sums: UnsafeMutablePointer<Float>
  ) where V.Scalar == Float {
    for tap in stride(from: 0, to: tapCount, by: 9) {
      let live = tapCount &- tap
      for channel in stride(from: 0, to: channels, by: V.scalarCount) {
        let target = sums + (tap &* channels &+ channel)
        var tile = NineByOne<V>()
        tile.accumulate(
          input + channel, taps + tap, windows, count: pixels, gradient + channel,
          stride: channels)
        tile.forEach { place, a in
          guard place < live else { return }
          let sum = target + place &* channels
          (V(at: sum) + a).store(to: sum)
        }
      }
    }
  }

  /// Adds `output[window + tap] += gradient[pixel] * weights[tap]` over all pixels and taps.
  func scatter(
    _ gradient: UnsafePointer<Float>, _ weights: UnsafePointer<Float>,
    addingTo output: UnsafeMutablePointer<Float>
  ) {
    if channels % 16 == 0 {
      scatter(SIMD16<Float>.self, gradient, weights, output)
    } else {
      scatter(SIMD8<Float>.self, gradient, weights, output)
    }
  }

  @inline(__always)
  private func scatter<V: SIMD>(
    _: V.Type, _ gradient: UnsafePointer<Float>, _ weights: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>
  ) where V.Scalar == Float {
    for pixel in 0..<pixels {
      let window = output + Int(windows[pixel])
      for channel in stride(from: 0, to: channels, by: V.scalarCount) {
        let value = V(at: gradient + (pixel &* channels &+ channel))
        for tap in 0..<tapCount {
          let target = window + (Int(taps[tap]) &+ channel)
          var sum = V(at: target)
          sum.accumulate(value, V(at: weights + (tap &* channels &+ channel)))
          sum.store(to: target)
        }
      }
    }
  }
}
