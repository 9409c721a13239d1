import Foundation

/// An axis of a chart: which value is where, and which are named.
struct ChartAxis {
  /// How values are spread.
  enum Scale: Hashable {
    /// Equal distances are equal differences.
    case linear
    /// Equal distances are equal ratios; values are above 0.
    case logarithmic
  }

  /// The values named, from the least.
  let ticks: [Double]
  private let scale: Scale
  private let low: Double
  private let high: Double
  private let start: Double
  private let end: Double

  /// An axis that holds `values`, all finite, from one place of the drawing to another.
  init(_ values: [Double], _ scale: Scale, from start: Double, to end: Double) {
    self.scale = scale
    self.start = start
    self.end = end
    var (low, high) = (values.min() ?? 0, values.max() ?? 1)
    switch scale {
    case .linear:
      if low == high {
        let room = low == 0 ? 1 : abs(low) / 2
        (low, high) = (low - room, high + room)
      }
      ticks = Self.evenTicks(low, high)
    case .logarithmic:
      // At least so far apart that two ticks lie between.
      let widening = max(1.1, (6 / (high / low)).squareRoot())
      (low, high) = (low / widening, high * widening)
      ticks = Self.ratioTicks(low, high)
    }
    (self.low, self.high) = (low, high)
  }

  /// Where a value is.
  func position(_ value: Double) -> Double {
    let share =
      switch scale {
      case .linear: (value - low) / (high - low)
      case .logarithmic: log(value / low) / log(high / low)
      }
    return start + share * (end - start)
  }

  /// Some five multiples of 1, 2 or 5 times a power of ten.
  private static func evenTicks(_ low: Double, _ high: Double) -> [Double] {
    let rough = (high - low) / 5
    let power = pow(10, log10(rough).rounded(.down))
    let step = power * ([1.0, 2, 5].first { $0 * power >= rough } ?? 10)
    let first = (low / step).rounded(.up)
    let last = (high / step).rounded(.down)
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// 1, 2 and 5 times powers of ten; where that is more than eight, only powers.
  private static func ratioTicks(_ low: Double, _ high: Double) -> [Double] {
    let exponents = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    let ticks = exponents.flatMap { exponent in
      [1.0, 2, 5].map { (factor: $0, value: $0 * pow(10, Double(exponent))) }
    }.filter { $0.value >= low && $0.value <= high }
    if ticks.count <= 8 { return ticks.map(\.value) }
    let powers = ticks.filter { $0.factor == 1 }
    return stride(from: 0, to: powers.count, by: (powers.count + 7) / 8).map { powers[$0].value }
  }
}
