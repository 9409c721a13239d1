import Foundation
import Network
import TinyRuntime

extension QuantizedNetwork.Node {
  /// A sum of two: each input's multiplier below 2^22, so that the sum of both products and the bias fits 32 bits.
  mutating func takeSum(of first: ActivationQuantization, _ second: ActivationQuantization) {
    let scales = [first.scale / quantization.scale, second.scale / quantization.scale]
    let largest = max(scales[0], scales[1])
    // The largest shift that keeps the larger multiplier below 2^22; at least 1, for the half step.
    let shift = max(1, min(22, 21 - Int(log2(largest).rounded(.down))))
    let factor = Double(1 << shift)
    let multipliers = scales.map { Int(min(($0 * factor).rounded(), Double((1 << 22) - 1))) }
    let zeroPoints = [Int(first.zeroPoint), Int(second.zeroPoint)]
    let bias =
      Int(quantization.zeroPoint) << shift + 1 << (shift - 1)
      - zeroPoints[0] * multipliers[0] - zeroPoints[1] * multipliers[1]
    record.rightShift = shift
    constants = [Int32(multipliers[0]), Int32(multipliers[1]), Int32(bias)]
    scaleError = zip(multipliers, scales).map { abs(Double($0) / factor - $1) / $1 }.max()!
  }
}
