import Network

/// Makes the model file of a network on grids, which a trainer can't, and says what came of it.
public protocol Judge: AnyObject {
  /// How many pictures the file is right on, and how large it is with its weights compressed.
  /// - Throws: `TrainingError.notScored` where there can be no file, or another for pictures that don't fit.
  func verdict(on network: Network, with validation: Dataset) throws(TrainingError) -> Verdict

  /// How large the file is with its weights compressed, and how that follows from them: what a budget is held against. So it
  /// follows from the network alone, with room for what else a file says of itself.
  /// - Throws: `TrainingError.notScored` where there can be no file.
  func size(of network: Network) throws(TrainingError) -> CodedSize
}

/// What a model file came to.
public struct Verdict: Hashable, Sendable {
  /// The number of pictures that it is right on.
  public var correct: Int
  /// Its size with its weights compressed.
  public var byteCount: Int

  /// Creates a verdict.
  public init(correct: Int, byteCount: Int) {
    self.correct = correct
    self.byteCount = byteCount
  }
}
