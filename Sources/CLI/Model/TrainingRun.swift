import Foundation
import Network
import Train

/// A run of the trainer with its files beside the output: the state to resume from, and the history. Until the run is done that lies
/// beside the state, so that an earlier run's checkpoint keeps its own.
struct TrainingRun {
  let output: String
  let recipe: Recipe
  let seed: UInt64
  let threads: Int
  /// What is learned from besides labels.
  var teacher: Network?
  /// The grids that the recipe quantizes to.
  var quantization: Quantization?
  /// Scores networks on grids.
  let judge: any Judge
  /// Who trains along.
  let cluster: Cluster

  /// What came of it.
  struct Outcome {
    var network: Network
    var validationAccuracy: Double?
    var picturesPerSecond: Double?
    /// The epoch whose weights these are.
    var keptEpoch: Int
  }

  /// Every file that a run to this output writes.
  static func files(of output: String) -> [String] {
    let state = statePath(of: output)
    return [
      output, state, TrainingHistory.path(of: output), TrainingHistory.path(of: state),
      OutputLock.path(of: output),
    ]
  }

  private static func statePath(of output: String) -> String { output + ".state" }

  /// Whether there is something to resume.
  static func hasState(of output: String) -> Bool {
    Folder.kind(of: statePath(of: output)) == .file
  }

  /// Gives the history its place and removes the state, once the checkpoint is written.
  static func finish(_ output: String) throws {
    let state = statePath(of: output)
    let (history, place) = (TrainingHistory.path(of: state), TrainingHistory.path(of: output))
    if Folder.kind(of: history) == .file {
      try OutputFile.write(try InputFile.read(history), to: place)
      try FileManager.default.removeItem(atPath: history)
    }
    if hasState(of: output) { try FileManager.default.removeItem(atPath: state) }
  }

  /// Trains to the recipe's last epoch.
  /// - Throws: `Failure`, `FileError`, `TrainingError`, or `Interrupted`, which leaves the state of the last full epoch.
  func fit(
    _ network: Network, training: Dataset, validation: Dataset, resuming: Bool
  ) throws -> Outcome {
    let statePath = Self.statePath(of: output)
    let historyPath = TrainingHistory.path(of: statePath)
    let trainer: Trainer
    var history = ""
    if resuming {
      guard Self.hasState(of: output) else {
        throw Failure("nothing to resume: \(statePath) does not exist")
      }
      let state: TrainingState
      do throws(CheckpointError) {
        state = try TrainingState(bytes: [UInt8](readState(statePath)))
      } catch { throw Failure("\(statePath): \(error)") }
      do throws(TrainingError) {
        trainer = try Trainer(
          resuming: state, network: network, recipe: recipe, seed: seed, threads: threads,
          teacher: teacher, quantization: quantization, communicator: cluster.communicator)
      } catch { throw Failure("\(statePath): \(error)") }
      if Folder.kind(of: historyPath) == .file {
        history = String(decoding: try InputFile.read(historyPath), as: UTF8.self)
          .split(whereSeparator: \.isNewline).prefix(state.epoch).map { $0 + "\n" }.joined()
      }
    } else {
      trainer = Trainer(
        network: network, recipe: recipe, seed: seed, threads: threads, teacher: teacher,
        quantization: quantization, communicator: cluster.communicator)
    }
    trainer.judge = judge
    cluster.start(trainer.state)
    var outcome = Outcome(network: network, keptEpoch: recipe.epochs)
    var failure: (any Error)?
    var bar: ProgressBar?
    let isFinished = try polled(trainer) {
      try trainer.run(training: training, validation: validation) { progress in
        switch progress {
        case .batch(let batch):
          if batch.batch == 1 || bar == nil {
            bar = ProgressBar("epoch \(batch.epoch)/\(batch.epochs)", total: batch.batches)
          }
          bar?.update(batch.batch, detail: Self.detail(batch))
        case .epoch(let epoch):
          bar = nil
          outcome.validationAccuracy = epoch.validationAccuracy
          outcome.picturesPerSecond = epoch.picturesPerSecond
          StandardError.note(Self.line(epoch))
          // Also where the interrupt came during the validation: the epoch is done, and said to be.
          do {
            history += try TrainingHistory.Line(epoch).text
            // The history first: lines that are ahead of the state are cut off, missing ones stay missing.
            try OutputFile.write(Data(history.utf8), to: historyPath)
            try OutputFile.write(Data(trainer.state.bytes), to: statePath)
          } catch {
            failure = error
            return .stop
          }
        }
        return Interruption.isRequested ? .stop : .goOn
      }
    }
    bar = nil
    if let failure { throw failure }
    if !isFinished || Interruption.isRequested {
      if trainer.state.epoch > 0 {
        StandardError.note(
          "stopped; --resume goes on after epoch \(trainer.state.epoch) of \(recipe.epochs)")
      }
      throw Interrupted()
    }
    outcome.network = trainer.network
    if let best = trainer.state.best {
      (outcome.validationAccuracy, outcome.keptEpoch) = (best.accuracy, best.epoch)
    } else if outcome.validationAccuracy == nil {
      // A run that had been stopped after its last epoch.
      outcome.validationAccuracy = try trainer.accuracy(on: validation)
    }
    return outcome
  }

  /// Runs `work`, and says what is left where it comes to numbers that are none.
  private func polled(_ trainer: Trainer, _ work: () throws -> Bool) throws -> Bool {
    do {
      return try Interruption.polled(work)
    } catch let error as TrainingError where error.isOfNumbers && trainer.state.epoch > 0 {
      let epochs = trainer.state.epoch == 1 ? "1 epoch" : "\(trainer.state.epoch) epochs"
      throw Failure(
        "\(error); \(Self.statePath(of: output)) holds what was learned in \(epochs), "
          + "for --from with another --output")
    }
  }

  private func readState(_ path: String) throws(CheckpointError) -> Data {
    do {
      return try InputFile.read(path)
    } catch { throw .metadata("state", reason: "\(error)") }
  }

  private static func detail(_ batch: BatchProgress) -> String {
    "loss \(NumberFormat.decimal(batch.loss, places: 4)) "
      + "acc \(NumberFormat.percent(batch.accuracy)) "
      + "\(NumberFormat.decimal(batch.picturesPerSecond, places: 0)) pictures/s "
      + "\(NumberFormat.duration(seconds: batch.secondsLeft)) to the end"
  }

  private static func line(_ epoch: EpochProgress) -> String {
    "epoch \(epoch.epoch)/\(epoch.epochs)  loss \(NumberFormat.decimal(epoch.loss, places: 4))  "
      + "accuracy \(NumberFormat.percent(epoch.accuracy))  "
      + (epoch.validationAccuracy.map { "validation \(NumberFormat.percent($0))  " } ?? "")
      + (epoch.prunedShare.map { "pruned \(NumberFormat.percent($0))  " } ?? "")
      + (epoch.byteCount.map { "file \(NumberFormat.grouped($0)) bytes  " } ?? "")
      + "\(NumberFormat.decimal(epoch.picturesPerSecond, places: 0)) pictures/s"
  }
}

extension Checkpoint {
  /// What a run that was stopped had come to.
  init(_ state: TrainingState) {
    self.init(
      network: state.trained,
      metadata: [
        "recipe": state.recipe.text, "seed": "\(state.seed)",
        Fitting.lastEpochKey: "\(state.epoch)",
        Fitting.epochKey: "\(state.best?.epoch ?? state.epoch)",
        Fitting.picturesKey: "\(state.pictureCount) training",
      ])
    metadata[Fitting.accuracyKey] = state.best.map { "\($0.accuracy)" }
  }
}

extension TrainingError {
  /// Whether it is of weights or values that are not finite.
  fileprivate var isOfNumbers: Bool {
    switch self {
    case .notFinite, .activation, .notScored: true
    default: false
    }
  }
}
