import Export
import Foundation
import Network
import Search
import Train

/// Looks at trials and trains them.
struct TrialRunner {
  private let settings: SearchSettings
  private let folder: SearchFolder
  private let training: Dataset
  private let validation: Dataset
  private let threads: Int
  private let export: TrialExport

  /// Trains on these pictures, and judges by these.
  init(
    _ settings: SearchSettings, folder: SearchFolder, training: Dataset, validation: Dataset,
    threads: Int
  ) {
    self.settings = settings
    self.folder = folder
    self.training = training
    self.validation = validation
    self.threads = threads
    export = TrialExport(training: training, seed: settings.seed)
  }

  /// Says whether a candidate fits the budgets; nothing is trained for it.
  func examined(_ candidate: Candidate) throws -> TrialRecord {
    var record = TrialRecord(candidate)
    let network: Network
    do throws(NetworkTextError) {
      network = try Network(text: candidate.network)
    } catch { return record.with(.rejected, because: "\(error)") }
    record.parameters = network.parameterCount
    record.macs = network.macs
    // The least that it can take needs no export.
    let least = Footprint(
      fileBytes: network.leastWeightBytes(candidate.weights), ramBytes: 0, macs: network.macs)
    if let excess = settings.budget.excess(of: least) {
      return record.with(.rejected, because: "at least \(excess)")
    }
    do {
      let report = try export.untrained(
        network, trial: candidate.number, weights: candidate.weights
      ).report
      record.file_bytes = report.footprint.fileBytes
      record.ram_bytes = report.footprint.ramBytes
      record.macs = report.footprint.macs
      let excess = settings.budget.excess(of: report.footprint)
      return excess.map { record.with(.rejected, because: $0) } ?? record
    } catch let error as ExportError {
      return record.with(.rejected, because: "\(error)")
    }
  }

  /// What came of a rung.
  enum Outcome {
    case result(ResultRecord)
    /// There is no going on with this trial.
    case failure(String)
  }

  /// Trains a trial up to a rung, and writes its files.
  /// - Throws: `Failure`, `FileError`, `Interrupted`; the state of the last whole epoch stays.
  func climb(_ trial: TrialRecord, to rung: Int) throws -> Outcome {
    let start = ContinuousClock.now
    guard let weights = WeightGrid(rawValue: trial.weights) else {
      throw Failure("\(folder.database): trial \(trial.number) has unknown weights")
    }
    do {
      let recipe = try Recipe(text: trial.recipe)
      let network = try fitted(trial, recipe, to: rung).recordingActivations(of: training)
      let exported = try export.trained(network, trial: trial.number, weights: weights)
      // Packed weights may have had to stay bytes.
      if let excess = settings.budget.excess(of: exported.report.footprint) {
        return .failure(excess)
      }
      let evaluation = try ModelEvaluation(
        of: try HostModel(exported.file), on: validation, threads: threads)
      try write(trial, network, exported.file, accuracy: evaluation.accuracy)
      return .result(
        ResultRecord(
          trial: trial.number, rung: rung, epochs: settings.halving.rungs[rung],
          correct: evaluation.correct, pictures: evaluation.count,
          file_bytes: exported.report.footprint.fileBytes,
          ram_bytes: exported.report.footprint.ramBytes,
          seconds: (ContinuousClock.now - start) / .seconds(1)))
    } catch let error as ExportError {
      return .failure("\(error)")
    } catch let error where error is RecipeError || error is NetworkTextError {
      throw Failure("\(folder.database): trial \(trial.number) is damaged: \(error)")
    } catch let error as TrainingError {
      switch error {
      case .notFinite, .activation, .notScored: return .failure("\(error)")
      default: throw Failure("trial \(trial.number): \(error)")
      }
    }
  }

  /// Removes what training would go on from.
  func removeState(of trial: Int) throws {
    let path = folder.file(.state, of: trial)
    if Folder.kind(of: path) == .file { try FileManager.default.removeItem(atPath: path) }
  }

  /// The network after a rung's epochs, of a run that goes to the last rung: the learning rate is that of the long run, so that
  /// going on is the same as never having stopped.
  private func fitted(_ trial: TrialRecord, _ recipe: Recipe, to rung: Int) throws -> Network {
    let trainer = try trainer(trial, recipe, atMost: settings.halving.rungs[rung])
    let epochs = settings.halving.rungs[rung]
    guard trainer.state.epoch < epochs else { return trainer.network }
    trainer.judge = FileJudge(threads: threads)
    let path = folder.file(.state, of: trial.number)
    var failure: (any Error)?
    let label = "trial \(trial.number), rung \(rung + 1)/\(settings.halving.rungs.count)"
    var bar: ProgressBar?
    try trainer.run(training: training, validation: recipe.keep == .best ? validation : nil) {
      progress in
      switch progress {
      case .batch(let batch):
        if batch.batch == 1 || bar == nil {
          bar = ProgressBar("\(label), epoch \(batch.epoch)/\(epochs)", total: batch.batches)
        }
        bar?.update(
          batch.batch,
          detail: "loss \(NumberFormat.decimal(batch.loss, places: 4)) "
            + "\(NumberFormat.decimal(batch.picturesPerSecond, places: 0)) pictures/s")
      case .epoch:
        do {
          try OutputFile.write(Data(trainer.state.bytes), to: path)
        } catch { failure = error }
        if failure != nil || trainer.state.epoch == epochs { return .stop }
      }
      return Interruption.isRequested ? .stop : .goOn
    }
    if let failure { throw failure }
    try Interruption.check()
    return trainer.network
  }

  /// The trainer as an earlier rung, or a process that was stopped, left it.
  private func trainer(
    _ trial: TrialRecord, _ recipe: Recipe, atMost epochs: Int
  ) throws -> Trainer {
    let network = try Network(text: trial.network)
    let quantization = try recipe.quantize.map { try Quantization(of: network, choosing: $0) }
    let path = folder.file(.state, of: trial.number)
    if Folder.kind(of: path) == .file {
      do {
        let state = try TrainingState(bytes: [UInt8](try InputFile.read(path)))
        if state.epoch <= epochs {
          return try Trainer(
            resuming: state, network: network, recipe: recipe, seed: settings.seed,
            threads: threads, quantization: quantization)
        }
      } catch let error where error is CheckpointError || error is TrainingError {
        throw Failure("\(path): \(error); without it the trial is trained anew")
      }
    }
    return Trainer(
      network: network, recipe: recipe, seed: settings.seed, threads: threads,
      quantization: quantization)
  }

  private func write(
    _ trial: TrialRecord, _ network: Network, _ model: [UInt8], accuracy: Double
  ) throws {
    let checkpoint = Checkpoint(
      network: network,
      metadata: [
        "labels": training.labelNames.joined(separator: "\n"), "recipe": trial.recipe,
        "seed": "\(settings.seed)", Fitting.accuracyKey: "\(accuracy)",
        "made_by": "thimble \(Thimble.configuration.version)",
        "command": export.command(trial.number),
      ])
    let files: [(SearchFolder.TrialFile, Data)] = [
      (.network, Data(trial.network.utf8)), (.recipe, Data(trial.recipe.utf8)),
      (.checkpoint, Data(checkpoint.bytes)), (.model, Data(model)),
    ]
    for (kind, bytes) in files {
      try OutputFile.write(bytes, to: folder.file(kind, of: trial.number))
    }
  }
}

extension Network {
  /// Fewer bytes than any model file of this network has: its convolutions' and dense layers' weights alone.
  fileprivate func leastWeightBytes(_ grid: WeightGrid) -> Int {
    let bits =
      switch grid {
      case .int8: 8
      case .int4: 4
      case .int2: 2
      // Several share a byte; that it is more than one bit each is all that is needed.
      case .ternary: 1
      }
    let weights = layers.reduce(0) { sum, layer in
      if case .batchNorm = layer.operation { return sum }
      return sum
        + layer.operation.kind.parameters(for: inputShapes(of: layer))
        .filter { $0.name == "weight" }.reduce(0) { $0 + $1.count }
    }
    return weights * bits / 8
  }
}
