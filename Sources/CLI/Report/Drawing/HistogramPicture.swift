import Network

/// How often which value was found, as a small drawing: a bar's height is the root of its count, so that rare values are seen
/// beside the many zeros behind a rectifier.
struct HistogramPicture {
  private static let bars = 40
  private static let height = 24.0

  // The template reads these.
  private let path: String
  private let range: String

  /// The values of a parameter, about zero; nil where all are zero.
  init?(of values: [Float]) {
    let largest = values.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return nil }
    var counts = [Double](repeating: 0, count: Self.bars)
    for value in values {
      let share = Double(value / largest + 1) / 2
      counts[min(Int(share * Double(Self.bars)), Self.bars - 1)] += 1
    }
    self.init(counts, from: -largest, to: largest)
  }

  /// What was recorded of a layer's output.
  init?(of histogram: ActivationHistogram) {
    var counts = [Double](repeating: 0, count: Self.bars)
    for (bin, count) in histogram.counts.enumerated() {
      counts[bin * Self.bars / histogram.counts.count] += Double(count)
    }
    self.init(counts, from: histogram.minimum, to: histogram.maximum)
  }

  private init?(_ counts: [Double], from low: Float, to high: Float) {
    guard let most = counts.max(), most > 0 else { return nil }
    path =
      "M0 \(Int(Self.height))"
      + counts.map { count in
        let top = Self.height * (1 - (count / most).squareRoot())
        return "V\(NumberFormat.decimal(top, places: 1))h2"
      }.joined() + "V\(Int(Self.height))z"
    range = "\(Self.number(low)) to \(Self.number(high))"
  }

  private static func number(_ value: Float) -> String {
    NumberFormat.decimal(Double(value), places: abs(value) < 10 ? 2 : abs(value) < 100 ? 1 : 0)
  }
}
