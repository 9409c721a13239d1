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

  /// How far along a value is: in 0 ... 1, if it is one that the axis was made for.
  func share(_ value: Double) -> Double {
    switch scale {
    case .linear: (value - low) / (high - low)
    case .logarithmic: log(value / low) / log(high / low)
    }
  }

  /// Where a value is.
  func position(_ value: Double) -> Double { start + share(value) * (end - start) }

  /// Some five multiples of 1, 2 or 5 times a power of ten.
  private static func evenTicks(_ low: Double, _ high: Double) -> [Double] {
    let rough = (high - low) / 5
    let power = pow(10, log10(rough).rounded(.down))
    let step = power * ([1.0, 2, 5].first { $0 * power >= rough } ?? 10)
    let first = (low / step).rounded(.up)
    let last = (high / step).rounded(.down)
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// 1, 2 and 5 times powers of ten; where these are few, 3 and 7 times, too, and where they are more than eight, only powers.
  private static func ratioTicks(_ low: Double, _ high: Double) -> [Double] {
    let exponents = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    let ticks = { (factors: [Double]) in
      exponents.flatMap { exponent in
        factors.map { $0 * pow(10, Double(exponent)) }
      }.filter { $0 >= low && $0 <= high }
    }
    let usual = ticks([1, 2, 5])
    if usual.count < 5 { return ticks([1, 2, 3, 5, 7]) }
    if usual.count <= 8 { return usual }
    let powers = ticks([1])
    return stride(from: 0, to: powers.count, by: (powers.count + 7) / 8).map { powers[$0] }
  }
}
