/// What several numbers come to.
struct Spread: Equatable {
  /// Their mean.
  let mean: Double
  /// The standard deviation of what they are drawn from: the squares' sum over one less than the count. 0 for one number.
  let deviation: Double

  /// Sums up numbers; nil for none.
  init?(_ numbers: [Double]) {
    guard !numbers.isEmpty else { return nil }
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    deviation = (squares / Double(max(numbers.count - 1, 1))).squareRoot()
  }
}
