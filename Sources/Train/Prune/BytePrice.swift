import Foundation

/// What a file as large as its budget adds to the loss, so found that the file becomes as large.
///
/// It grows while the file is larger than the budget and shrinks while it is smaller, and the less the faster the file already
/// follows: weights need some time to answer.
struct BytePrice: Hashable, Sendable {
  /// How fast it moves: at twice the budget it doubles with every other look.
  private static let gain = 0.5
  /// How much a file that follows counts against that.
  private static let damping = 2.0
  private static let limits = 1e-6...1e3

  /// In the unit of the loss.
  private(set) var value = 1.0
  /// The file at the last look, in bytes.
  private(set) var byteCount: Int?

  /// The price at the start of a run.
  init() {}

  /// The price after some looks; nil where it can't be one.
  init?(_ value: Double, byteCount: Int?) {
    guard Self.limits.contains(value), byteCount ?? 1 > 0 else { return nil }
    (self.value, self.byteCount) = (value, byteCount)
  }

  /// Moves it after a look at the file.
  mutating func follow(byteCount: Int, budget: Int) {
    let excess = Double(byteCount) / Double(budget)
    let growth = Double(byteCount) / Double(self.byteCount ?? byteCount)
    self.byteCount = byteCount
    let next = value * pow(excess, Self.gain) * pow(growth, Self.damping)
    value = min(max(next, Self.limits.lowerBound), Self.limits.upperBound)
  }
}
