/// The sum every convolution is made of, forwards and to its input: `output[pixel][channel] = start + sum over k of
/// input[pixel][k] * weights[k][channel]`.
///
/// Where a pixel's inputs lie is said by tables, so that kernels of any size, stride and dilation are one loop, and
/// blocks of pixels go on over the end of a row. Where pixels are not a multiple of a block, it goes on in the
/// tables: there is the last pixel again (its inputs and its start have been read before anything is written), or
/// another one whose output nobody reads.
struct GatherProduct {
  /// What the output starts from.
  enum Start {
    /// A value a channel.
    case bias(UnsafePointer<Float>)
    case zero
    /// What is there.
    case output
  }

  var pixels: Int
  /// Where each pixel's inputs start.
  var inputPixels: UnsafePointer<Int32>
  /// Where each pixel's outputs are; all different.
  var outputPixels: UnsafePointer<Int32>
  /// The number of inputs of a sum.
  var depth: Int
  /// Where the inputs of a sum are, from the pixel's start.
  var depths: UnsafePointer<Int32>
  /// The outputs of a pixel, a multiple of eight; also from a row of weights to the next.
  var channels: Int
  /// Whether outputs and weights start on borders of sixteen floats, pixel for pixel and row for row.
  var isWide: Bool

  /// Computes it, 32, 16 or 8 channels at a time.
  func callAsFunction(
    _ input: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, start: Start,
    into output: UnsafeMutablePointer<Float>
  ) {
    var channel = 0
    if isWide {
      while channels - channel >= 32 {
        sixes(SIMD16<Float>.self, input, weights, start, output, channel)
        channel += 32
      }
      if channel < channels { eights(SIMD16<Float>.self, input, weights, start, output, channel) }
      return
    }
    while channels - channel >= 16 {
      sixes(SIMD8<Float>.self, input, weights, start, output, channel)
      channel += 16
    }
    if channel < channels { eights(SIMD8<Float>.self, input, weights, start, output, channel) }
  }

  /// What some channels of a pixel start from.
  @inline(__always)
  private func first<V: SIMD>(
    _ start: Start, _ output: UnsafePointer<Float>, _ channel: Int
  ) -> V where V.Scalar == Float {
    switch start {
    case .bias(let bias): V(at: bias + channel)
    case .zero: V.zero
    case .output: V(at: output)
    }
  }

  /// Two vectors of channels of six pixels at a time.
  @inline(__always)
  private func sixes<V: SIMD>(
    _: V.Type, _ input: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, _ start: Start,
    _ output: UnsafeMutablePointer<Float>, _ channel: Int
  ) where V.Scalar == Float {
    let count = V.scalarCount
    let target = output + channel
    var pixel = 0
    while pixel < pixels {
      let places = outputPixels + pixel
      var tile = SixByTwo<V>()
      tile.forEach { place, a, b in
        let values = target + Int(places[place])
        a = first(start, values, channel)
        b = first(start, values + count, channel &+ count)
      }
      tile.accumulate(
        input, inputPixels + pixel, depths, count: depth, weights + channel, stride: channels)
      tile.forEach { place, a, b in
        let values = target + Int(places[place])
        a.store(to: values)
        b.store(to: values + count)
      }
      pixel &+= 6
    }
  }

  /// A vector of channels of eight pixels at a time.
  @inline(__always)
  private func eights<V: SIMD>(
    _: V.Type, _ input: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, _ start: Start,
    _ output: UnsafeMutablePointer<Float>, _ channel: Int
  ) where V.Scalar == Float {
    let target = output + channel
    var pixel = 0
    while pixel < pixels {
      let places = outputPixels + pixel
      var tile = EightByOne<V>()
      tile.forEach { place, a in a = first(start, target + Int(places[place]), channel) }
      tile.accumulate(
        input, inputPixels + pixel, depths, count: depth, weights + channel, stride: channels)
      tile.forEach { place, a in a.store(to: target + Int(places[place])) }
      pixel &+= 8
    }
  }
}
