/// Asynchronous successive halving (L. Li and others 2018, arXiv:1810.05934, algorithm 2; the synchronous form is K. Jamieson
/// and A. Talwalkar 2016, arXiv:1502.07943): every trial is trained a little, the best of them more, and so on.
///
/// A trial goes up as soon as it is among the best of its rung, whether or not there are trials to come. So the best that is
/// known is always being looked at, and one may stop, or ask for more trials, at any time. What comes next follows from the
/// results alone.
public struct Halving: Hashable, Sendable {
  /// The number of epochs that a trial has behind it at each rung, rising.
  public let rungs: [Int]
  /// One in this many goes up a rung.
  public let eta: Int

  /// Creates the rungs `epochs`, `epochs / eta`, ... down to the last that is not below `minimum`.
  /// - Parameters:
  ///   - epochs: at least 1.
  ///   - minimum: in 1 ... `epochs`.
  ///   - eta: at least 2.
  public init(epochs: Int, minimum: Int, eta: Int) {
    precondition(eta >= 2 && (1...epochs).contains(minimum))
    var rungs = [epochs]
    while rungs[0] / eta >= minimum { rungs.insert(rungs[0] / eta, at: 0) }
    self.rungs = rungs
    self.eta = eta
  }

  /// A trial's next rung.
  public struct Promotion: Hashable, Sendable {
    /// The trial's number.
    public let trial: Int
    /// An index into `rungs`, from 1.
    public let rung: Int
  }

  /// Whom to train on now.
  /// - Parameters:
  ///   - scores: what is known at each rung, one array a rung, in any order.
  ///   - failed: trials that can't be trained on.
  ///   - isComplete: whether every trial has a score at the first rung, or failed. Then at least one goes up each rung.
  /// - Returns: the promotion; nil if a new trial is wanted or, with `isComplete`, if all is done.
  public func promotion(
    scores: [[Score]], failed: Set<Int> = [], isComplete: Bool
  ) -> Promotion? {
    func best(of rung: Int, _ count: Int) -> Promotion? {
      let above = Set(scores[rung + 1].map(\.trial))
      let trial = scores[rung].sorted(by: >).prefix(count).map(\.trial)
        .first { !above.contains($0) && !failed.contains($0) }
      return trial.map { Promotion(trial: $0, rung: rung + 1) }
    }
    for rung in rungs.indices.dropLast().reversed() {
      if let promotion = best(of: rung, scores[rung].count / eta) { return promotion }
    }
    guard isComplete else { return nil }
    for rung in rungs.indices.dropLast() where scores[rung + 1].isEmpty {
      if let promotion = best(of: rung, scores[rung].count) { return promotion }
    }
    return nil
  }
}
