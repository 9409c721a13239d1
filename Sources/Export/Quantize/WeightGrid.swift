import Foundation
import TinyRuntime

/// The whole numbers that weights become, times a scale for each output channel.
public enum WeightGrid: String, CaseIterable, Sendable {
  /// -127 ... 127; the largest weight of a channel is 127 or -127.
  case int8
  /// -7 ... 7.
  case int4
  /// -2 ... 1: all that two bits hold.
  case int2
  /// -1, 0 and 1.
  case ternary

  /// The numbers.
  public var range: ClosedRange<Int> {
    switch self {
    case .int8: -127...127
    case .int4: -7...7
    case .int2: -2...1
    case .ternary: -1...1
    }
  }

  /// How they are packed; raw where they take a byte.
  var encoding: Encoding {
    switch self {
    case .int8: .raw
    case .int4: .int4
    case .int2: .int2
    case .ternary: .ternary
    }
  }

  /// From one scale tried to the next. A channel that is on the grid already, up to a scale, is on it for one of them: half a step at the
  /// end of `int4` is 7 %.
  private static let ratio = 0.97

  /// The numbers nearest to a channel's weights, and what they are to be multiplied with.
  ///
  /// Below 8 bits the scale is not the largest weight's, which would leave most weights 0, but the one found to lose least: for each scale tried,
  /// from the largest weight downwards, weights are rounded and held inside the range, and the scale that fits these numbers best by
  /// least squares, `sum(weight * number) / sum(number^2)`, is what they are worth. With three numbers this is the threshold and
  /// the scale of ternary weight networks (F. Li, B. Liu et al. 2016, arXiv:1605.04711, equation 5), their minimum searched for and not approximated.
  /// - Parameter weights: finite.
  /// - Returns: the scale, above 0, and a number for each weight.
  public func quantized(_ weights: [Double]) -> (scale: Double, numbers: [Int]) {
    let largest = weights.lazy.map(abs).max() ?? 0
    // A channel of zeros: any scale will do.
    guard largest > 0 else { return (1, weights.map { _ in 0 }) }
    if self == .int8 {
      let scale = largest / 127
      return (scale, weights.map { Int(($0 / scale).rounded()) })
    }
    var best = (gain: 0.0, scale: largest, numbers: weights.map { _ in 0 })
    var step = largest
    // Past this all but the smallest weights are at the ends.
    let last = largest / Double(8 * max(range.upperBound, -range.lowerBound))
    while step > last {
      let numbers = weights.map { weight in
        min(max(Int((weight / step).rounded()), range.lowerBound), range.upperBound)
      }
      let product = zip(weights, numbers).reduce(0.0) { $0 + $1.0 * Double($1.1) }
      let square = Double(numbers.reduce(0) { $0 + $1 * $1 })
      // What the squared error is less than that of zeros.
      let gain = product * product / square
      if gain > best.gain { best = (gain, product / square, numbers) }
      step *= Self.ratio
    }
    return (best.scale, best.numbers)
  }

  /// How far numbers are shifted to the left, so that sums need not be: packed weights have no left shift of sums, and not all kernels do.
  /// - Parameter scales: what a step of each channel's sum is in steps of the output.
  /// - Returns: the smallest shift that does, or the largest where none does.
  func shift(scales: [Double]) -> Int {
    guard self != .int8 else { return 0 }
    let shifts = PackedGroups(encoding.rawValue).shifts
    return shifts.first { shift in
      MultiplierSet(scales: scales.map { $0 / Double(1 << shift) })?.leftShift == 0
    } ?? shifts.upperBound
  }
}
