import Train
import Testing
import TinyRuntime

@Suite struct RequantizerTests {
  /// `saturate(floor(sum * 2^l * M / 2^(32 + r) + 1/2) + zeroPoint)`, in 128 bits and with a division.
  private func expected(
    _ sum: Int32, _ multiplier: Int32, _ zeroPoint: Int8, _ left: Int, _ right: Int
  ) -> Int8 {
    let product = Int128(sum) * Int128(multiplier) * (1 << Int128(left))
    let unit = Int128(1) << Int128(33 + right)
    let doubled = 2 * product + unit / 2
    // Swift divides towards zero; the floor is one less for a negative remainder.
    let (quotient, remainder) = doubled.quotientAndRemainder(dividingBy: unit)
    let floor = remainder < 0 ? quotient - 1 : quotient
    return Int8(max(-128, min(127, floor + Int128(zeroPoint))))
  }

  @Test("The table of its documentation holds")
  func table() {
    #expect(Requantizer(zeroPoint: 0, leftShift: 0, rightShift: 1)(100, multiplier: 1 << 30) == 13)
    #expect(
      Requantizer(zeroPoint: 0, leftShift: 0, rightShift: 1)(-100, multiplier: 1 << 30) == -12)
    #expect(
      Requantizer(zeroPoint: -128, leftShift: 0, rightShift: 1)(-100, multiplier: 1 << 30) == -128)
  }

  @Test("Every shift and zero point rounds as the formula says", arguments: Requantizer.rightShifts)
  func everyShift(right: Int) {
    var random = SplitMix(seed: UInt64(right))
    var wrong: [String] = []
    for zeroPoint in [Int8.min, -1, 0, 64, 127] {
      for left in Requantizer.leftShifts {
        let requantize = Requantizer(zeroPoint: zeroPoint, leftShift: left, rightShift: right)
        let limit = Int32.max >> Int32(left)
        let sums: [Int32] = [0, 1, -1, limit, -limit, limit / 2, -limit / 2]
        let multipliers: [Int32] = [0, 1, 1 << 30, .max, (1 << 30) - 1, 3 << 20]
        for sum in sums + (0..<12).map({ _ in Int32.random(in: -limit...limit, using: &random) }) {
          for multiplier in multipliers + [Int32.random(in: 0...Int32.max, using: &random)]
          where requantize(sum, multiplier: multiplier)
            != expected(sum, multiplier, zeroPoint, left, right)
          {
            wrong.append("sum \(sum), M \(multiplier), zero point \(zeroPoint), l \(left)")
          }
        }
      }
    }
    #expect(wrong.isEmpty)
  }

  @Test("Ties go up, on both sides of zero", arguments: [1, 2, 5, 9])
  func ties(right: Int) {
    // M = 2^31 - 0 can't be had; 2^30 makes a step of 2^-(2 + r), so odd multiples of 2^(1 + r) are ties.
    let requantize = Requantizer(zeroPoint: 0, leftShift: 0, rightShift: right)
    let step = Int32(1) << Int32(2 + right)
    for whole in [-5, -2, -1, 0, 1, 7] as [Int32] {
      #expect(requantize(whole * step + step / 2, multiplier: 1 << 30) == Int8(whole + 1))
      #expect(requantize(whole * step + step / 2 - 1, multiplier: 1 << 30) == Int8(whole))
    }
  }
}
