import CTrain

/// One value of each of sixteen pictures.
///
/// Activations are laid out (height, width, channels, 16 pictures): every layer, whatever its
/// shape, works on whole vectors, and a weight is one scalar that meets sixteen pictures.
package typealias Lanes = SIMD16<Float>

extension SIMD where Scalar == Float {
  /// Adds `x * y`, in one rounding where the CPU can.
  @inline(__always)
  mutating func accumulate(_ x: Self, _ y: Self) {
    if THIMBLE_HAS_FMA != 0 {
      addProduct(x, y)
    } else {
      self += x * y
    }
  }
}

/// Four vectors: four pixels, or four channels.
struct Quad {
  var v0: Lanes
  var v1: Lanes
  var v2: Lanes
  var v3: Lanes

  /// Four copies of a vector.
  @inline(__always)
  init(repeating value: Lanes) {
    (v0, v1, v2, v3) = (value, value, value, value)
  }

  /// Reads four vectors `stride` apart.
  @inline(__always)
  init(_ source: UnsafePointer<Lanes>, stride: Int) {
    v0 = source[0]
    v1 = source[stride]
    v2 = source[2 &* stride]
    v3 = source[3 &* stride]
  }

  /// Writes four vectors `stride` apart.
  @inline(__always)
  func store(to target: UnsafeMutablePointer<Lanes>, stride: Int) {
    target[0] = v0
    target[stride] = v1
    target[2 &* stride] = v2
    target[3 &* stride] = v3
  }

  /// Adds `x * y` to each.
  @inline(__always)
  mutating func accumulate(_ x: Quad, _ y: Lanes) {
    v0.accumulate(x.v0, y)
    v1.accumulate(x.v1, y)
    v2.accumulate(x.v2, y)
    v3.accumulate(x.v3, y)
  }
}
