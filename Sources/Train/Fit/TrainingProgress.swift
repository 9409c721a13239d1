/// What a trainer tells on its way.
public enum TrainingProgress: Sendable {
  /// After every step.
  case batch(BatchProgress)
  /// After every epoch; the trainer's `state` is new.
  case epoch(EpochProgress)
}

/// What the listener wants.
public enum TrainingAnswer: Sendable, BitwiseCopyable {
  case goOn
  /// Stop now. The trainer returns, and can be resumed from its last `state`.
  case stop
}

/// How far an epoch is.
public struct BatchProgress: Sendable {
  /// Counted from 1.
  public var epoch: Int
  /// The number of epochs of the run.
  public var epochs: Int
  /// Counted from 1.
  public var batch: Int
  /// The number of batches of an epoch.
  public var batches: Int
  /// The mean loss over the epoch so far.
  public var loss: Double
  /// The share of training pictures, as varied, that were right in the epoch so far.
  public var accuracy: Double
  /// Training pictures a second in this epoch.
  public var picturesPerSecond: Double
  /// Of the whole run.
  public var secondsLeft: Double
}

/// What an epoch came to.
public struct EpochProgress: Sendable {
  /// Counted from 1.
  public var epoch: Int
  /// The number of epochs of the run.
  public var epochs: Int
  /// The mean loss over the epoch.
  public var loss: Double
  /// The share of training pictures, as varied, that were right.
  public var accuracy: Double
  /// The share of validation pictures that were right, if there are any.
  public var validationAccuracy: Double?
  /// The mean cross entropy over the validation pictures, in nats, if there are any; not of a network on grids that is
  /// judged by the file made of it.
  public var validationLoss: Double?
  /// The share of weights, or of channels, that are gone, if the recipe prunes.
  public var prunedShare: Double?
  /// The size of the compressed model file, of a network on grids whose recipe has a byte budget.
  public var byteCount: Int?
  /// Training pictures a second in this epoch.
  public var picturesPerSecond: Double
  /// Training only, without validation.
  public var seconds: Double
}
