/// The randomness of the generated digits: SplitMix64, one independent stream a picture.
struct DigitChance {
  private var state: UInt64

  /// Starts stream number `stream` of `seed`.
  init(seed: UInt64, stream: UInt64) {
    state = seed
    state = next() &+ stream &* 0xd134_2543_de82_ef95
  }

  /// A value in `low..<high`, of 24 random bits.
  mutating func uniform(_ low: Float, _ high: Float) -> Float {
    low + (high - low) * Float(next() >> 40) / 16_777_216
  }

  /// A value around zero, within three `deviation`s: the sum of three uniform ones.
  mutating func around(deviation: Float) -> Float {
    deviation * (uniform(-1, 1) + uniform(-1, 1) + uniform(-1, 1))
  }

  /// An index in `0..<count`.
  mutating func index(below count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }

  private mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }
}
