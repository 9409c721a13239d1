import TinyRuntime

/// How an op's sums are scaled: one multiplier for each channel and shifts for all, as `Requantizer` takes them.
struct MultiplierSet: Equatable {
  /// `round(scale * 2^(32 + rightShift - leftShift))`, below 2^31.
  let multipliers: [Int32]
  let leftShift: Int
  let rightShift: Int

  /// The scales as close as multipliers of 31 bits come to them; nil where the largest is past what shifts reach
  /// (2^5).
  /// - Parameter scales: what a step of each channel's sum is in steps of the output; at least 0.
  init?(scales: [Double]) {
    guard let largest = scales.max(), largest.isFinite else { return nil }
    guard let (left, right) = Self.shifts(for: largest) else { return nil }
    leftShift = left
    rightShift = right
    multipliers = scales.map { Int32(Self.multiplier(for: $0, left, right)) }
  }

  /// The scale that the multiplier of `channel` really makes.
  func scale(of channel: Int) -> Double {
    Double(multipliers[channel]) / Self.exp2(32 + rightShift - leftShift)
  }

  /// The largest right shift, else the smallest left shift, with which `scale` is below 2^31.
  private static func shifts(for scale: Double) -> (left: Int, right: Int)? {
    if let right = Requantizer.rightShifts.reversed().first(where: {
      multiplier(for: scale, 0, $0) < exp2(31)
    }) {
      return (0, right)
    }
    let right = Requantizer.rightShifts.lowerBound
    return Requantizer.leftShifts.first { multiplier(for: scale, $0, right) < exp2(31) }
      .map { ($0, right) }
  }

  private static func multiplier(for scale: Double, _ left: Int, _ right: Int) -> Double {
    (scale * exp2(32 + right - left)).rounded()
  }

  private static func exp2(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}
