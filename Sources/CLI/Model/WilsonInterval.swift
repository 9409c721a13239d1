/// Where a share lies that was found as so many of so many: the score interval (Wilson, 1927).
struct WilsonInterval: Equatable {
  /// The quantile of the standard normal distribution that leaves 2.5 % above it: 95 % lie between it and its negative.
  private static let quantile = 1.959964

  /// The least share, in 0 ... 1.
  let lower: Double
  /// The largest share, in 0 ... 1.
  let upper: Double

  /// The interval that holds the share in 95 of 100 cases; nil where nothing was counted.
  init?(_ correct: Int, of count: Int) {
    guard count > 0 else { return nil }
    let (share, count) = (Double(correct) / Double(count), Double(count))
    let square = Self.quantile * Self.quantile
    let middle = (share + square / (2 * count)) / (1 + square / count)
    let half =
      Self.quantile / (1 + square / count)
      * (share * (1 - share) / count + square / (4 * count * count)).squareRoot()
    // Without rounding these two ends are exactly 0 and 1.
    lower = share == 0 ? 0 : middle - half
    upper = share == 1 ? 1 : middle + half
  }

  /// `98.05 % to 98.74 %`.
  var words: String { "\(NumberFormat.percent(lower)) to \(NumberFormat.percent(upper))" }
}
