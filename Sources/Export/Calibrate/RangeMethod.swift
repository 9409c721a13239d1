import Network

/// How an activation's range is chosen from its histogram.
public enum RangeMethod: String, CaseIterable, Sendable {
  /// All values seen.
  case minMax = "min-max"
  /// All but one value in 10,000 at each end.
  case percentile
  /// The clipping that makes the mean squared error of the histogram least.
  case mse

  /// The share of values that `percentile` leaves out at each end.
  static let percentileTail = 1e-4
  /// The clippings that `mse` tries: this many even steps from the whole range down to a third of it.
  static let clippingCount = 48

  /// The mapping for values distributed like `histogram`; negative ones are 0 already if `isRectified`.
  func quantization(
    for histogram: ActivationHistogram, isRectified: Bool
  ) -> ActivationQuantization {
    let low = isRectified ? 0 : Double(histogram.minimum)
    let high = max(Double(histogram.maximum), low)
    switch self {
    case .minMax:
      return ActivationQuantization(covering: low, high)
    case .percentile:
      let (first, last) = histogram.interval(withoutTails: Self.percentileTail)
      return ActivationQuantization(covering: max(first, low), max(last, low))
    case .mse:
      return (0..<Self.clippingCount).map { step in
        let share = 1 - Double(step) / Double(Self.clippingCount) * 2 / 3
        return ActivationQuantization(covering: low * share, high * share)
      }.map { ($0, histogram.squaredError(of: $0, isRectified: isRectified)) }
        .min { $0.1 < $1.1 }!.0
    }
  }
}

extension ActivationHistogram {
  /// The centre of each bin.
  private func center(_ bin: Int) -> Double {
    let width = (Double(maximum) - Double(minimum)) / Double(counts.count)
    return Double(minimum) + (Double(bin) + 0.5) * width
  }

  /// The interval that is left when `tail` of the values is cut off at each end.
  func interval(withoutTails tail: Double) -> (low: Double, high: Double) {
    let cut = counts.reduce(0) { $0 + Double($1) } * tail
    func end(_ bins: some Sequence<Int>) -> Int? {
      var passed = 0.0
      return bins.first {
        passed += Double(counts[$0])
        return passed > cut
      }
    }
    guard let first = end(counts.indices), let last = end(counts.indices.reversed()) else {
      return (Double(minimum), Double(maximum))
    }
    let width = (Double(maximum) - Double(minimum)) / Double(counts.count)
    return (center(first) - width / 2, center(last) + width / 2)
  }

  /// The sum over all values of the squared error that `quantization` makes.
  func squaredError(of quantization: ActivationQuantization, isRectified: Bool) -> Double {
    var sum = 0.0
    for bin in counts.indices where counts[bin] > 0 {
      let value = isRectified ? max(0, center(bin)) : center(bin)
      let error = quantization.real(quantization.quantized(value)) - value
      sum += Double(counts[bin]) * error * error
    }
    return sum
  }
}
