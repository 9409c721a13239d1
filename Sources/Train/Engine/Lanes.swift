import CTrain
import Network

/// Eight channels of one pixel.
///
/// Activations are laid out (height, width, channels), one picture after another, and the channels of a pixel are
/// filled up to a multiple of eight: every layer works on whole vectors. What is in the filling is
/// finite and never counted.
package typealias Lanes = SIMD8<Float>

extension Shape {
  /// The number of floats from a pixel to the next: the channels, filled up.
  var pixelStride: Int { channels.roundedUpToVector }
  /// The number of pixels.
  var pixelCount: Int { height * width }
  /// The number of floats, filling included.
  var floatCount: Int { pixelCount * pixelStride }
  /// The number of vectors.
  var vectorCount: Int { floatCount / Lanes.scalarCount }
}

extension Int {
  /// The next multiple of eight, so that channels fill vectors.
  var roundedUpToVector: Int {
    (self + Lanes.scalarCount - 1) / Lanes.scalarCount * Lanes.scalarCount
  }
  /// The next multiple of sixteen floats, so that what follows starts on a border of 64 bytes.
  var roundedUpToBorder: Int { (self + 15) / 16 * 16 }
}

extension UnsafeMutablePointer where Pointee == Float {
  /// The same memory as vectors of eight; it is on their border.
  var vectors: UnsafeMutablePointer<Lanes> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: Lanes.self)
  }
}

extension UnsafePointer where Pointee == Float {
  /// The same memory as vectors of eight; it is on their border.
  var vectors: UnsafePointer<Lanes> {
    UnsafeRawPointer(self).assumingMemoryBound(to: Lanes.self)
  }
}

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

  /// Reads a vector from a border of its own size.
  @inline(__always)
  init(at source: UnsafePointer<Float>) {
    self = UnsafeRawPointer(source).assumingMemoryBound(to: Self.self).pointee
  }

  /// Writes a vector to a border of its own size.
  @inline(__always)
  func store(to target: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(target).assumingMemoryBound(to: Self.self).pointee = self
  }
}

/// The sum over `count` steps of what `term` says about each, in four chains that don't wait for each other.
@inline(__always)
func sum(_ count: Int, _ term: (_ index: Int) -> Lanes) -> Lanes {
  var (s0, s1, s2, s3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
  var index = 0
  while count &- index >= 4 {
    s0 += term(index)
    s1 += term(index &+ 1)
    s2 += term(index &+ 2)
    s3 += term(index &+ 3)
    index &+= 4
  }
  while index < count {
    s0 += term(index)
    index &+= 1
  }
  return (s0 + s1) + (s2 + s3)
}
