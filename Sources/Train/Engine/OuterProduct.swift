/// The sum that is the gradient of a convolution's weights: `sums[row][channel] += sum over pixel of
/// input[pixel][row] * gradient[pixel][channel]`, where a row is an input under the kernel.
///
/// Where rows are not a multiple of a block, it goes on in the table, and what comes of that is left out.
struct OuterProduct {
  var rows: Int
  /// Where each row's input is, from the pixel's start.
  var rowOffsets: UnsafePointer<Int32>
  var pixels: Int
  /// Where each pixel's inputs start. Gradients lie pixel after pixel.
  var inputPixels: UnsafePointer<Int32>
  /// The gradients of a pixel, a multiple of eight; also from a row of sums to the next.
  var channels: Int

  /// Computes it, 32, 16 or 8 channels at a time.
  func callAsFunction(
    _ input: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>,
    into sums: UnsafeMutablePointer<Float>
  ) {
    var channel = 0
    if channels % 16 == 0 {
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
    let count = V.scalarCount
    var row = 0
    while row < rows {
      let x0 = input + Int(rowOffsets[row])
      let x1 = input + Int(rowOffsets[row &+ 1])
      let x2 = input + Int(rowOffsets[row &+ 2])
      let x3 = input + Int(rowOffsets[row &+ 3])
      let x4 = input + Int(rowOffsets[row &+ 4])
      let x5 = input + Int(rowOffsets[row &+ 5])
      var a0 = V.zero, b0 = V.zero, a1 = V.zero, b1 = V.zero, a2 = V.zero, b2 = V.zero
      var a3 = V.zero, b3 = V.zero, a4 = V.zero, b4 = V.zero, a5 = V.zero, b5 = V.zero
      var g = gradient + channel
      for pixel in 0..<pixels {
        let offset = Int(inputPixels[pixel])
        let v = V(at: g)
        let u = V(at: g + count)
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
        g += channels
      }
      let target = sums + channel
      let live = rows &- row
      add(a0, b0, to: target + row &* channels)
      if live > 1 { add(a1, b1, to: target + (row &+ 1) &* channels) }
      if live > 2 { add(a2, b2, to: target + (row &+ 2) &* channels) }
      if live > 3 { add(a3, b3, to: target + (row &+ 3) &* channels) }
      if live > 4 { add(a4, b4, to: target + (row &+ 4) &* channels) }
      if live > 5 { add(a5, b5, to: target + (row &+ 5) &* channels) }
      row &+= 6
    }
  }

  @inline(__always)
  private func add<V: SIMD>(_ a: V, _ b: V, to target: UnsafeMutablePointer<Float>)
  where V.Scalar == Float {
    add(a, to: target)
    add(b, to: target + V.scalarCount)
  }

  @inline(__always)
  private func add<V: SIMD>(_ a: V, to target: UnsafeMutablePointer<Float>)
  where V.Scalar == Float {
    (V(at: target) + a).store(to: target)
  }

  /// A vector of channels of eight rows at a time.
  @inline(__always)
  private func eights<V: SIMD>(
    _: V.Type, _ input: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>,
    _ sums: UnsafeMutablePointer<Float>, _ channel: Int
  ) where V.Scalar == Float {
    var row = 0
    while row < rows {
      let x0 = input + Int(rowOffsets[row])
      let x1 = input + Int(rowOffsets[row &+ 1])
      let x2 = input + Int(rowOffsets[row &+ 2])
      let x3 = input + Int(rowOffsets[row &+ 3])
      let x4 = input + Int(rowOffsets[row &+ 4])
      let x5 = input + Int(rowOffsets[row &+ 5])
      let x6 = input + Int(rowOffsets[row &+ 6])
      let x7 = input + Int(rowOffsets[row &+ 7])
      var a0 = V.zero, a1 = V.zero, a2 = V.zero, a3 = V.zero
      var a4 = V.zero, a5 = V.zero, a6 = V.zero, a7 = V.zero
      var g = gradient + channel
      for pixel in 0..<pixels {
        let offset = Int(inputPixels[pixel])
        let v = V(at: g)
        a0.accumulate(V(repeating: x0[offset]), v)
        a1.accumulate(V(repeating: x1[offset]), v)
        a2.accumulate(V(repeating: x2[offset]), v)
        a3.accumulate(V(repeating: x3[offset]), v)
        a4.accumulate(V(repeating: x4[offset]), v)
        a5.accumulate(V(repeating: x5[offset]), v)
        a6.accumulate(V(repeating: x6[offset]), v)
        a7.accumulate(V(repeating: x7[offset]), v)
        g += channels
      }
      let target = sums + channel
      let live = rows &- row
      add(a0, to: target + row &* channels)
      if live > 1 { add(a1, to: target + (row &+ 1) &* channels) }
      if live > 2 { add(a2, to: target + (row &+ 2) &* channels) }
      if live > 3 { add(a3, to: target + (row &+ 3) &* channels) }
      if live > 4 { add(a4, to: target + (row &+ 4) &* channels) }
      if live > 5 { add(a5, to: target + (row &+ 5) &* channels) }
      if live > 6 { add(a6, to: target + (row &+ 6) &* channels) }
      if live > 7 { add(a7, to: target + (row &+ 7) &* channels) }
      row &+= 8
    }
  }
}
