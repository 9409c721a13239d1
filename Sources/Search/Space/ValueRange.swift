import Foundation
import Train

/// The values that one key of a search space may take.
enum ValueRange: Hashable, Sendable {
  /// One of these, each as likely as another.
  case choice([String])
  /// The whole numbers from `first` to at most `last` in steps, each as likely as another.
  case whole(first: Int, last: Int, step: Int)
  /// Real numbers from `first` to `last`: evenly, or evenly by their logarithms.
  case real(first: Double, last: Double, isLogarithmic: Bool)

  /// Draws a value.
  /// - Parameter random: 64 bits are taken from it.
  /// - Returns: the value as a text file writes it; of real numbers three significant digits.
  func draw(_ random: inout SplitMix) -> String {
    switch self {
    case .choice(let values):
      return values[random.below(values.count)]
    case .whole(let first, let last, let step):
      return "\(first + step * random.below((last - first) / step + 1))"
    case .real(let first, let last, let isLogarithmic):
      let share = Double(random.unit())
      let value =
        isLogarithmic
        ? exp(log(first) + share * (log(last) - log(first))) : first + share * (last - first)
      return "\(min(max(Self.rounded(value), first), last))"
    }
  }

  /// The value with three significant digits.
  private static func rounded(_ value: Double) -> Double {
    guard value != 0 else { return 0 }
    let digits = 2 - Int(log10(abs(value)).rounded(.down))
    // A power of ten below 1 isn't exact, so it is never multiplied or divided with.
    let power = pow(10, Double(abs(digits)))
    return digits > 0 ? (value * power).rounded() / power : (value / power).rounded() * power
  }
}

extension ValueRange: CustomStringConvertible {
  /// As a space's text writes it.
  var description: String {
    switch self {
    case .choice(let values): values.joined(separator: ", ")
    case .whole(let first, let last, let step):
      "\(first) .. \(last)" + (step == 1 ? "" : " step \(step)")
    case .real(let first, let last, let isLogarithmic):
      "\(first) .. \(last)" + (isLogarithmic ? " log" : "")
    }
  }
}
