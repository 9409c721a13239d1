import Foundation

/// A logarithmic axis.
struct LogScale {
  /// An axis has at least this ratio between its ends, so that it has two ticks or more.
  private static let leastRatio = 6.0
  /// The ends lie this ratio beyond the outermost values.
  private static let margin = 1.15

  private let low: Double
  private let high: Double
  private let start: Double
  private let end: Double

  /// An axis for these values, all above 0, from one place on a picture to another.
  init(_ values: [Double], from start: Double, to end: Double) {
    let least = values.min() ?? 1
    let most = values.max() ?? 1
    let widening = max(Self.margin, (Self.leastRatio / (most / least)).squareRoot())
    low = least / widening
    high = most * widening
    self.start = start
    self.end = end
  }

  /// How far along a value is, in 0 ... 1.
  func share(_ value: Double) -> Double { log(value / low) / log(high / low) }

  /// Where on the picture a value is.
  func position(_ value: Double) -> Double { start + share(value) * (end - start) }

  /// 1, 2 and 5 times powers of ten; where these are few, 3 and 7 times, too.
  var ticks: [Double] {
    let few = ticks([1, 2, 5])
    return few.count < 5 ? ticks([1, 2, 3, 5, 7]) : few
  }

  private func ticks(_ factors: [Double]) -> [Double] {
    let exponents = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    return exponents.flatMap { exponent in
      factors.map { $0 * pow(10, Double(exponent)) }
    }.filter { $0 >= low && $0 <= high }
  }
}
