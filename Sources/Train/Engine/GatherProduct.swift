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

  /// Computes it, 32, 16 or 8 channels at a time.
  func callAsFunction(
    _ input: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, start: Start,
    into output: UnsafeMutablePointer<Float>
  ) {
    var channel = 0
    if channels % 16 == 0 {
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

  /// Two vectors of channels of six pixels at a time: twelve sums, which is what sixteen registers hold.
  @inline(__always)
  private func sixes<V: SIMD>(
    _: V.Type, _ input: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, _ start: Start,
    _ output: UnsafeMutablePointer<Float>, _ channel: Int
  ) where V.Scalar == Float {
    let count = V.scalarCount
    var pixel = 0
    while pixel < pixels {
      let x0 = input + Int(inputPixels[pixel])
      let x1 = input + Int(inputPixels[pixel &+ 1])
      let x2 = input + Int(inputPixels[pixel &+ 2])
      let x3 = input + Int(inputPixels[pixel &+ 3])
      let x4 = input + Int(inputPixels[pixel &+ 4])
      let x5 = input + Int(inputPixels[pixel &+ 5])
      let target = output + channel
      let y0 = target + Int(outputPixels[pixel])
      let y1 = target + Int(outputPixels[pixel &+ 1])
      let y2 = target + Int(outputPixels[pixel &+ 2])
      let y3 = target + Int(outputPixels[pixel &+ 3])
      let y4 = target + Int(outputPixels[pixel &+ 4])
      let y5 = target + Int(outputPixels[pixel &+ 5])
      var a0: V = first(start, y0, channel)
      var b0: V = first(start, y0 + count, channel &+ count)
      var a1: V = first(start, y1, channel)
      var b1: V = first(start, y1 + count, channel &+ count)
      var a2: V = first(start, y2, channel)
      var b2: V = first(start, y2 + count, channel &+ count)
      var a3: V = first(start, y3, channel)
      var b3: V = first(start, y3 + count, channel &+ count)
      var a4: V = first(start, y4, channel)
      var b4: V = first(start, y4 + count, channel &+ count)
      var a5: V = first(start, y5, channel)
      var b5: V = first(start, y5 + count, channel &+ count)
      var w = weights + channel
      for k in 0..<depth {
        let offset = Int(depths[k])
        let v = V(at: w)
        let u = V(at: w + count)
        let s0 = V(repeating: x0[offset])
        a0.accumulate(s0, v)
        b0.accumulate(s0, u)
        let s1 = V(repeating: x1[offset])
        a1.accumulate(s1, v)
        b1.accumulate(s1, u)
        let s2 = V(repeating: x2[offset])
        a2.accumulate(s2, v)
        b2.accumulate(s2, u)
        let s3 = V(repeating: x3[offset])
        a3.accumulate(s3, v)
        b3.accumulate(s3, u)
        let s4 = V(repeating: x4[offset])
        a4.accumulate(s4, v)
        b4.accumulate(s4, u)
        let s5 = V(repeating: x5[offset])
        a5.accumulate(s5, v)
        b5.accumulate(s5, u)
        w += channels
      }
      a0.store(to: y0)
      b0.store(to: y0 + count)
      a1.store(to: y1)
      b1.store(to: y1 + count)
      a2.store(to: y2)
      b2.store(to: y2 + count)
      a3.store(to: y3)
      b3.store(to: y3 + count)
      a4.store(to: y4)
      b4.store(to: y4 + count)
      a5.store(to: y5)
      b5.store(to: y5 + count)
      pixel &+= 6
    }
  }

  /// A vector of channels of eight pixels at a time.
  @inline(__always)
  private func eights<V: SIMD>(
    _: V.Type, _ input: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, _ start: Start,
    _ output: UnsafeMutablePointer<Float>, _ channel: Int
  ) where V.Scalar == Float {
    var pixel = 0
    while pixel < pixels {
      let x0 = input + Int(inputPixels[pixel])
      let x1 = input + Int(inputPixels[pixel &+ 1])
      let x2 = input + Int(inputPixels[pixel &+ 2])
      let x3 = input + Int(inputPixels[pixel &+ 3])
      let x4 = input + Int(inputPixels[pixel &+ 4])
      let x5 = input + Int(inputPixels[pixel &+ 5])
      let x6 = input + Int(inputPixels[pixel &+ 6])
      let x7 = input + Int(inputPixels[pixel &+ 7])
      let target = output + channel
      let y0 = target + Int(outputPixels[pixel])
      let y1 = target + Int(outputPixels[pixel &+ 1])
      let y2 = target + Int(outputPixels[pixel &+ 2])
      let y3 = target + Int(outputPixels[pixel &+ 3])
      let y4 = target + Int(outputPixels[pixel &+ 4])
      let y5 = target + Int(outputPixels[pixel &+ 5])
      let y6 = target + Int(outputPixels[pixel &+ 6])
      let y7 = target + Int(outputPixels[pixel &+ 7])
      var a0: V = first(start, y0, channel)
      var a1: V = first(start, y1, channel)
      var a2: V = first(start, y2, channel)
      var a3: V = first(start, y3, channel)
      var a4: V = first(start, y4, channel)
      var a5: V = first(start, y5, channel)
      var a6: V = first(start, y6, channel)
      var a7: V = first(start, y7, channel)
      var w = weights + channel
      for k in 0..<depth {
        let offset = Int(depths[k])
        let v = V(at: w)
        a0.accumulate(V(repeating: x0[offset]), v)
        a1.accumulate(V(repeating: x1[offset]), v)
        a2.accumulate(V(repeating: x2[offset]), v)
        a3.accumulate(V(repeating: x3[offset]), v)
        a4.accumulate(V(repeating: x4[offset]), v)
        a5.accumulate(V(repeating: x5[offset]), v)
        a6.accumulate(V(repeating: x6[offset]), v)
        a7.accumulate(V(repeating: x7[offset]), v)
        w += channels
      }
      a0.store(to: y0)
      a1.store(to: y1)
      a2.store(to: y2)
      a3.store(to: y3)
      a4.store(to: y4)
      a5.store(to: y5)
      a6.store(to: y6)
      a7.store(to: y7)
      pixel &+= 8
    }
  }
}
