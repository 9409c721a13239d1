import Foundation
import Network

/// What a bit that a weight takes, on average over all weights, adds to the loss: so found that the file becomes as large as its
/// budget.
///
/// It grows while weights take more bytes than the budget leaves them and shrinks while they take less. Weights need some time to
/// answer, and one that has become 0 hardly comes back: so what counts is where they will be some looks later, if they go on as they
/// do.
struct BytePrice: Hashable, Sendable {
  /// The first is this where weights take twice the bytes, and less the nearer they are.
  private static let first = 0.5
  /// The share of the first that is begun with where they take no more.
  private static let least = 0.02
  /// How fast it moves: at twice the bytes it doubles with every other look, and no faster than that, however far it is.
  private static let gain = 0.5
  private static let mostExcess = 2.0
  /// The share of the bytes that is aimed at: the last bytes go late, when the learning rate has fallen.
  private static let aim = 0.97
  /// How many looks ahead it sees.
  private static let horizon = 12.0
  /// Above, a network forgets what it learned sooner than its file becomes smaller.
  private static let limits = 1e-6...32.0

  /// In the unit of the loss.
  private(set) var value = Self.first
  /// What weights took at the last look.
  private(set) var byteCount: Int?

  /// The price at the start of a run.
  init() {}

  /// The price after some looks; nil where it can't be one.
  init?(_ value: Double, byteCount: Int?) {
    guard Self.limits.contains(value), byteCount ?? 1 > 0 else { return nil }
    (self.value, self.byteCount) = (value, byteCount)
  }

  /// Moves it after a look at the file.
  mutating func follow(_ size: CodedSize, budget: Int) {
    let count = Double(size.weightByteCount)
    let left = Self.aim * Double(budget - (size.byteCount - size.weightByteCount))
    let excess = left > 0 ? min(count / left, Self.mostExcess) : Self.mostExcess
    if let byteCount {
      let growth = pow(count / Double(byteCount), Self.horizon)
      let next = value * pow(excess * growth, Self.gain)
      value = min(max(next, Self.limits.lowerBound), Self.limits.upperBound)
    } else {
      value = Self.first * max(excess - 1, Self.least)
    }
    byteCount = size.weightByteCount
  }
}
