import Foundation

/// SplitMix64 (Steele, Lea and Flood, 2014): small, good enough here, and any number of independent
/// streams from a few integers, so that nothing has to be remembered to go on where a run stopped.
package struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  /// Creates the stream that belongs to a seed and a path of numbers under it.
  package init(seed: UInt64, _ path: Int...) {
    state = seed
    for part in path { state = next() ^ UInt64(truncatingIfNeeded: part) }
  }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A number in 0 ..< 1.
  package mutating func unit() -> Float { Float(next() >> 40) / Float(1 << 24) }

  /// A number in `-bound ..< bound`.
  mutating func symmetric(_ bound: Float) -> Float { (2 * unit() - 1) * bound }

  /// A number in 0 ..< `bound`.
  package mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A normally distributed number of mean 0 and deviation 1.
  mutating func normal() -> Float {
    let radius = (-2 * log(1 - unit())).squareRoot()
    return radius * cos(2 * .pi * unit())
  }

  /// A number in 0 ... 1 of the beta distribution whose two parameters are both `parameter`, in 0 ... 1 but not 0: the
  /// smaller, the nearer to the ends (Jöhnk, 1964, with logarithms, as the powers of small numbers vanish).
  mutating func beta(_ parameter: Float) -> Float {
    while true {
      let first = log(1 - unit()) / parameter
      let second = log(1 - unit()) / parameter
      let sum = max(first, second) + log(1 + exp(-abs(first - second)))
      if sum <= 0 { return 1 / (1 + exp(second - first)) }
    }
  }

  /// The numbers 0 ..< `count` in random order.
  package mutating func permutation(_ count: Int) -> [Int32] {
    var order = (0..<Int32(count)).map { $0 }
    for index in stride(from: count - 1, to: 0, by: -1) { order.swapAt(index, below(index + 1)) }
    return order
  }
}

/// Eight xorshift32 generators side by side (Marsaglia, 2003), for decisions about every value of
/// a layer.
struct LaneRandom {
  private var state: SIMD8<UInt32>

  init(seed: UInt64, stream path: Int, _ picture: Int) {
    var random = SplitMix(seed: seed, path, picture)
    state = SIMD8()
    for lane in 0..<8 { state[lane] = UInt32(truncatingIfNeeded: random.next()) | 1 }
  }

  /// Operators between two vectors are one instruction each; those that assign, or take a number, go lane by lane.
  @inline(__always)
  mutating func next() -> SIMD8<UInt32> {
    state = state ^ (state &<< SIMD8(repeating: 13))
    state = state ^ (state &>> SIMD8(repeating: 17))
    state = state ^ (state &<< SIMD8(repeating: 5))
    return state
  }
}
