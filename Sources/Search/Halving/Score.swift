/// What a trial came to at a rung, as far as trials are compared.
public struct Score: Hashable, Sendable {
  /// The trial's number.
  public let trial: Int
  /// The number of validation pictures that its model file was right on.
  public let correct: Int
  /// Bytes of the model file.
  public let fileBytes: Int

  /// Creates a score.
  public init(trial: Int, correct: Int, fileBytes: Int) {
    self.trial = trial
    self.correct = correct
    self.fileBytes = fileBytes
  }
}

extension Score: Comparable {
  /// Whether a trial is worse than another: fewer right; of equals the larger file; of equals the later number.
  public static func < (one: Score, other: Score) -> Bool {
    (one.correct, -one.fileBytes, -one.trial) < (other.correct, -other.fileBytes, -other.trial)
  }
}
