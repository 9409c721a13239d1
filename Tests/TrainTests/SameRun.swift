import Testing

@testable import Train

/// Runs on one small dataset that must come to the same bytes.
enum SameRun {
  private static func run(
    _ trainer: Trainer, progress: (TrainingProgress) -> TrainingAnswer = { _ in .goOn }
  ) throws -> Bool {
    try trainer.run(
      training: barDataset(count: 130, seed: 1), validation: barDataset(count: 60, seed: 3),
      progress: progress)
  }

  /// Expects the trainers that `make` makes for one thread and for `count` to end in the same state.
  static func onThreads(_ count: Int, _ make: (_ threads: Int) throws -> Trainer) throws {
    let (one, many) = (try make(1), try make(count))
    #expect(try run(one) && run(many))
    #expect(one.network == many.network)
    #expect(one.state.bytes == many.state.bytes)
  }

  /// Expects a run that is stopped within the epoch after `epochs`, and gone on with from the bytes of its state, to end in an
  /// unbroken run's state.
  /// - Returns: the state it was gone on with from.
  @discardableResult
  static func resumed(
    after epochs: Int, _ make: () throws -> Trainer, _ resume: (TrainingState) throws -> Trainer
  ) throws -> TrainingState {
    let (unbroken, broken) = (try make(), try make())
    #expect(try run(unbroken))
    let isFinished = try run(broken) { progress in
      switch progress {
      case .batch(let batch): batch.epoch == epochs + 1 && batch.batch == 2 ? .stop : .goOn
      case .epoch: .goOn
      }
    }
    #expect(!isFinished)
    let state = try TrainingState(bytes: broken.state.bytes)
    #expect(state == broken.state && state.epoch == epochs)
    let resumed = try resume(state)
    #expect(try run(resumed))
    #expect(resumed.network == unbroken.network)
    #expect(resumed.state.bytes == unbroken.state.bytes)
    return state
  }
}
