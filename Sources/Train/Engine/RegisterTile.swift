/// Sums kept in registers while a product goes by: two vectors of channels for each of six places, which is twelve of the sixteen
/// registers that AVX has.
struct SixByTwo<V: SIMD> where V.Scalar == Float {
  private var (a0, b0, a1, b1) = (V.zero, V.zero, V.zero, V.zero)
  private var (a2, b2, a3, b3) = (V.zero, V.zero, V.zero, V.zero)
  private var (a4, b4, a5, b5) = (V.zero, V.zero, V.zero, V.zero)

  /// Calls `body` with each place and its two sums.
  @inline(__always)
  mutating func forEach(_ body: (_ place: Int, _ a: inout V, _ b: inout V) -> Void) {
    body(0, &a0, &b0)
    body(1, &a1, &b1)
    body(2, &a2, &b2)
    body(3, &a3, &b3)
    body(4, &a4, &b4)
    body(5, &a5, &b5)
  }

  /// Adds `input[place + offset[k]] * vectors[k * stride]` for each of `count` steps k to every place's sums.
  @inline(__always)
  mutating func accumulate(
    _ input: UnsafePointer<Float>, _ places: UnsafePointer<Int32>,
    _ offsets: UnsafePointer<Int32>, count: Int, _ vectors: UnsafePointer<Float>, stride: Int
  ) {
    let (x0, x1) = (input + Int(places[0]), input + Int(places[1]))
    let (x2, x3) = (input + Int(places[2]), input + Int(places[3]))
    let (x4, x5) = (input + Int(places[4]), input + Int(places[5]))
    var vector = vectors
    for k in 0..<count {
      let offset = Int(offsets[k])
      let v = V(at: vector)
      let u = V(at: vector + V.scalarCount)
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
      vector += stride
    }
  }
}

/// The same with one vector of channels for each of eight places.
struct EightByOne<V: SIMD> where V.Scalar == Float {
  private var (a0, a1, a2, a3) = (V.zero, V.zero, V.zero, V.zero)
  private var (a4, a5, a6, a7) = (V.zero, V.zero, V.zero, V.zero)

  /// Calls `body` with each place and its sum.
  @inline(__always)
  mutating func forEach(_ body: (_ place: Int, _ a: inout V) -> Void) {
    body(0, &a0)
    body(1, &a1)
    body(2, &a2)
    body(3, &a3)
    body(4, &a4)
    body(5, &a5)
    body(6, &a6)
    body(7, &a7)
  }

  /// As `SixByTwo.accumulate`.
  @inline(__always)
  mutating func accumulate(
    _ input: UnsafePointer<Float>, _ places: UnsafePointer<Int32>,
    _ offsets: UnsafePointer<Int32>, count: Int, _ vectors: UnsafePointer<Float>, stride: Int
  ) {
    let (x0, x1) = (input + Int(places[0]), input + Int(places[1]))
    let (x2, x3) = (input + Int(places[2]), input + Int(places[3]))
    let (x4, x5) = (input + Int(places[4]), input + Int(places[5]))
    let (x6, x7) = (input + Int(places[6]), input + Int(places[7]))
    var vector = vectors
    for k in 0..<count {
      let offset = Int(offsets[k])
      let v = V(at: vector)
      a0.accumulate(V(repeating: x0[offset]), v)
      a1.accumulate(V(repeating: x1[offset]), v)
      a2.accumulate(V(repeating: x2[offset]), v)
      a3.accumulate(V(repeating: x3[offset]), v)
      a4.accumulate(V(repeating: x4[offset]), v)
      a5.accumulate(V(repeating: x5[offset]), v)
      a6.accumulate(V(repeating: x6[offset]), v)
      a7.accumulate(V(repeating: x7[offset]), v)
      vector += stride
    }
  }
}

/// A vector of channels for each of nine places, as many as a 3x3 kernel has, each channel by itself.
struct NineByOne<V: SIMD> where V.Scalar == Float {
  private var (a0, a1, a2) = (V.zero, V.zero, V.zero)
  private var (a3, a4, a5) = (V.zero, V.zero, V.zero)
  private var (a6, a7, a8) = (V.zero, V.zero, V.zero)

  /// Calls `body` with each place and its sum.
  @inline(__always)
  mutating func forEach(_ body: (_ place: Int, _ a: inout V) -> Void) {
    body(0, &a0)
    body(1, &a1)
    body(2, &a2)
    body(3, &a3)
    body(4, &a4)
    body(5, &a5)
    body(6, &a6)
    body(7, &a7)
    body(8, &a8)
  }

  /// Adds `input[place + offset[k]] * vectors[k * stride]`, vectors both, for each of `count` steps k to every place's sum.
  @inline(__always)
  mutating func accumulate(
    _ input: UnsafePointer<Float>, _ places: UnsafePointer<Int32>,
    _ offsets: UnsafePointer<Int32>, count: Int, _ vectors: UnsafePointer<Float>, stride: Int
  ) {
    let (x0, x1) = (input + Int(places[0]), input + Int(places[1]))
    let x2 = input + Int(places[2])
    let (x3, x4) = (input + Int(places[3]), input + Int(places[4]))
    let x5 = input + Int(places[5])
    let (x6, x7) = (input + Int(places[6]), input + Int(places[7]))
    let x8 = input + Int(places[8])
    var vector = vectors
    for k in 0..<count {
      let offset = Int(offsets[k])
      let v = V(at: vector)
      a0.accumulate(V(at: x0 + offset), v)
      a1.accumulate(V(at: x1 + offset), v)
      a2.accumulate(V(at: x2 + offset), v)
      a3.accumulate(V(at: x3 + offset), v)
      a4.accumulate(V(at: x4 + offset), v)
      a5.accumulate(V(at: x5 + offset), v)
      a6.accumulate(V(at: x6 + offset), v)
      a7.accumulate(V(at: x7 + offset), v)
      a8.accumulate(V(at: x8 + offset), v)
      vector += stride
    }
  }
}
