/// How often a layer's output took which value, over some pictures: what quantization ranges are
/// chosen from.
public struct ActivationHistogram: Sendable, Equatable {
  /// The number of bins the trainer records.
  public static let binCount = 1024

  /// The smallest and the largest value seen; finite, and `minimum <= maximum`.
  public var minimum: Float
  /// The largest value seen; finite.
  public var maximum: Float
  /// Counts of equal bins over `minimum ... maximum`.
  public var counts: [Float]

  /// Creates a histogram.
  public init(minimum: Float, maximum: Float, counts: [Float]) {
    precondition(minimum <= maximum && !counts.isEmpty)
    self.minimum = minimum
    self.maximum = maximum
    self.counts = counts
  }
}
