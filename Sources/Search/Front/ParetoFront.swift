/// A trained trial, as far as the front is concerned.
public struct FrontPoint: Hashable, Sendable {
  /// What it came to at the highest rung that it reached.
  public var score: Score
  /// Bytes of arena and weight RAM.
  public var ramBytes: Int

  /// Creates a point.
  public init(score: Score, ramBytes: Int) {
    self.score = score
    self.ramBytes = ramBytes
  }

  /// Whether it is at least as good as another in accuracy, file and RAM, and better in one of them. Of two that are equal the
  /// earlier trial counts as better.
  func dominates(_ other: FrontPoint) -> Bool {
    guard score.correct >= other.score.correct, score.fileBytes <= other.score.fileBytes,
      ramBytes <= other.ramBytes
    else { return false }
    return score.correct > other.score.correct || score.fileBytes < other.score.fileBytes
      || ramBytes < other.ramBytes || score.trial < other.score.trial
  }
}

/// The trials that no other beats in accuracy, bytes of file and bytes of RAM together.
public struct ParetoFront: Hashable, Sendable {
  /// From the smallest file to the largest.
  public let points: [FrontPoint]

  /// Finds the front of these.
  /// - Complexity: O(count of points times count of the front).
  public init(of points: [FrontPoint]) {
    // Whoever dominates a point comes before it, so what is kept is never thrown out again.
    let sorted = points.sorted { one, other in
      (one.score.fileBytes, one.ramBytes, other.score.correct, one.score.trial)
        < (other.score.fileBytes, other.ramBytes, one.score.correct, other.score.trial)
    }
    var front: [FrontPoint] = []
    for point in sorted where !front.contains(where: { $0.dominates(point) }) {
      front.append(point)
    }
    self.points = front
  }

  /// The trial that is right most often; of equals that with the smaller file, then the earlier one. Nil without a trial.
  public var best: FrontPoint? { points.max { $0.score < $1.score } }
}
