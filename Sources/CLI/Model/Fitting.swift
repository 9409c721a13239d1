import Crypto
import Export
import Foundation
import Network
import Train

/// Makes checkpoints of one network by one recipe, seed by seed.
struct Fitting {
  /// What is learned from and judged by.
  struct Pictures {
    var training: Dataset
    var validation: Dataset
    /// Only where several seeds are compared.
    var test: Dataset?

    /// How many there are, as a checkpoint says it.
    static func words(training: Int, validation: Int) -> String {
      "\(training) training, \(validation) validation"
    }
  }

  /// One seed's checkpoint, as it was written.
  struct Result {
    var seed: UInt64
    var output: String
    var network: Network
    var validationAccuracy: Double?
    /// Unknown where the checkpoint was there before.
    var picturesPerSecond: Double?
    var keptEpoch: Int
  }

  /// With parameters only where they are what a run begins with.
  let network: Network
  let recipe: Recipe
  let teacher: Network?
  /// The grids that the recipe quantizes to.
  let quantization: Quantization?
  /// Nil where nothing is learned: the recipe has no epochs.
  let pictures: Pictures?
  let threads: Int
  /// Whether other seeds are fitted along: those done before an interruption aren't done again.
  let isOneOfMany: Bool
  /// Who fits along.
  let cluster: Cluster
  /// The command that would make a seed's checkpoint, without the places of files.
  let command: (_ seed: UInt64) -> String

  // Entries of a checkpoint's metadata.
  static let epochKey = "kept_epoch"
  /// Of a run that was stopped.
  static let lastEpochKey = "epoch"
  static let accuracyKey = "validation_accuracy"
  static let picturesKey = "pictures"
  private static let unprunedKey = "pruned_from"

  /// Whether a run to this output left something to go on with.
  func hasBegun(_ output: String) -> Bool {
    TrainingRun.hasState(of: output) || Folder.kind(of: output) == .file
  }

  /// Fits the network and writes the checkpoint.
  /// - Throws: `Failure`, `FileError`, `TrainingError`, `Interrupted`.
  func checkpoint(
    seed: UInt64, output: String, resuming: Bool
  ) throws -> Result {
    if resuming, isFinished(output) { return try finished(seed: seed, output: output) }
    if isOneOfMany { StandardError.note("seed \(seed)") }
    var result = Result(seed: seed, output: output, network: network, keptEpoch: recipe.epochs)
    var checkpoint: Checkpoint
    if let pictures {
      let judge = judge(seed: seed, pictures)
      let run = TrainingRun(
        output: output, recipe: recipe, seed: seed, threads: threads, teacher: teacher,
        quantization: quantization, judge: judge, cluster: cluster)
      let outcome = try run.fit(
        network, training: pictures.training, validation: pictures.validation,
        resuming: resuming && (TrainingRun.hasState(of: output) || !isOneOfMany))
      try warn(ofSizeOf: outcome.network, judge, output)
      result.validationAccuracy = outcome.validationAccuracy
      result.picturesPerSecond = outcome.picturesPerSecond
      result.keptEpoch = outcome.keptEpoch
      checkpoint = Checkpoint(
        network: try outcome.network.recordingActivations(of: pictures.training))
      checkpoint.metadata["labels"] = pictures.training.labelNames.joined(separator: "\n")
      checkpoint.metadata[Self.accuracyKey] = outcome.validationAccuracy.map { "\($0)" }
      if recipe.keep == .best { checkpoint.metadata[Self.epochKey] = "\(outcome.keptEpoch)" }
    } else {
      checkpoint = Checkpoint(network: network.untrained(seed: seed))
      checkpoint.metadata["ranges"] = "pictures of noise"
    }
    if checkpoint.network.text != network.text {
      checkpoint.metadata[Self.unprunedKey] = network.text
    }
    checkpoint.metadata.merge(origin(seed: seed)) { $1 }
    checkpoint.metadata["made_by"] = "thimble \(Thimble.configuration.version)"
    checkpoint.metadata["command"] = command(seed)
    try OutputFile.write(Data(checkpoint.bytes), to: output)
    if pictures != nil { try TrainingRun.finish(output) }
    result.network = checkpoint.network
    return result
  }

  /// Says it where a network's file is larger than it was to be.
  private func warn(
    ofSizeOf network: Network, _ judge: FileJudge, _ output: String
  ) throws(TrainingError) {
    guard recipe.byteBudget > 0 else { return }
    let size = try judge.exactSize(of: network)
    guard size.byteCount > recipe.byteBudget else { return }
    StandardError.warn(
      "\(output): its model file takes \(size.byteCount) bytes, byte_budget is \(recipe.byteBudget); "
        + "more epochs on grids, a higher learning_rate, smaller grids or fewer channels would help"
    )
  }

  private func judge(seed: UInt64, _ pictures: Pictures) -> FileJudge {
    FileJudge(
      threads: threads, options: ExportOptions(pictures.training, command: command(seed)))
  }

  /// What a checkpoint follows from besides the network and the pictures themselves.
  private func origin(seed: UInt64) -> [String: String] {
    var entries = ["recipe": recipe.text, "seed": "\(seed)"]
    entries[Self.picturesKey] = pictures.map {
      Pictures.words(training: $0.training.count, validation: $0.validation.count)
    }
    entries["teacher"] = teacher.map { "fingerprint \($0.fingerprint)" }
    if !network.parameters.isEmpty { entries["from"] = "fingerprint \(network.fingerprint)" }
    return entries
  }

  /// Whether a seed of several was fitted before.
  func isFinished(_ output: String) -> Bool {
    isOneOfMany && !TrainingRun.hasState(of: output) && Folder.kind(of: output) == .file
  }

  /// Reads a checkpoint that is there already.
  /// - Throws: a `Failure` that names the file if it is another run's.
  @discardableResult
  func finishedCheckpoint(seed: UInt64, output: String) throws -> Checkpoint {
    let checkpoint = try NetworkFile.checkpoint(output)
    let origin = origin(seed: seed)
    var other = ["seed", Self.picturesKey, "teacher", "from"].filter {
      checkpoint.metadata[$0] != origin[$0]
    }
    // An earlier version may have written fewer keys.
    if checkpoint.metadata["recipe"].flatMap({ try? Recipe(text: $0) }) != recipe {
      other.insert("recipe", at: 0)
    }
    let unpruned = checkpoint.metadata[Self.unprunedKey] ?? checkpoint.network.text
    if unpruned != network.text { other.append("network") }
    guard other.isEmpty else {
      throw Failure(
        "\(output): was trained with another \(other.joined(separator: ", ")); without it, seed \(seed) is trained anew"
      )
    }
    return checkpoint
  }

  /// Takes a checkpoint that is there already.
  private func finished(seed: UInt64, output: String) throws -> Result {
    let checkpoint = try finishedCheckpoint(seed: seed, output: output)
    if let pictures { try warn(ofSizeOf: checkpoint.network, judge(seed: seed, pictures), output) }
    return Result(
      seed: seed, output: output, network: checkpoint.network,
      validationAccuracy: checkpoint.metadata[Self.accuracyKey].flatMap { Double($0) },
      keptEpoch: checkpoint.metadata[Self.epochKey].flatMap { Int($0) } ?? recipe.epochs)
  }

  /// Scores checkpoints on the test set, where there is one to be scored on.
  func testAccuracies(_ results: [Result]) throws(TrainingError) -> [Double]? {
    guard let test = pictures?.test else { return nil }
    var accuracies: [Double] = []
    for result in results {
      let correct =
        result.network.quantization == nil
        ? try Evaluation(of: result.network, on: test, threads: threads).correct
        : try result.network.exportedCorrect(on: test, threads: threads)
      accuracies.append(Double(correct) / Double(test.count))
    }
    return accuracies
  }

  /// Trains along with rank 0, from a state that it started a run with. What goes wrong there goes wrong here, too, and
  /// rank 0 says it.
  func follow(_ state: TrainingState) throws {
    guard let pictures else { return }
    let trainer = try Trainer(
      resuming: state, network: network, recipe: recipe, seed: state.seed, threads: threads,
      teacher: teacher, quantization: quantization, communicator: cluster.communicator)
    trainer.judge = judge(seed: state.seed, pictures)
    _ = try? Interruption.polled {
      try trainer.run(training: pictures.training, validation: pictures.validation) { _ in
        Interruption.isRequested ? .stop : .goOn
      }
    }
  }

  /// What must be the same on all ranks.
  func inputs(_ seeds: SeedList) throws -> [RankReport.Input] {
    let tool = try InputFile.map(Bundle.main.executablePath ?? CommandLine.arguments[0])
    return [
      RankReport.Input(name: "build of thimble", digest: SHA256.hash(data: tool).hexadecimal),
      RankReport.Input(name: "network", digest: network.text),
      RankReport.Input(name: "network to begin with", digest: "\(network.fingerprint)"),
      RankReport.Input(name: "recipe", digest: recipe.text),
      RankReport.Input(name: "seed", digest: seeds.defaultValueDescription),
      RankReport.Input(name: "teacher", digest: "\(teacher?.fingerprint ?? 0)"),
      RankReport.Input(name: "set of training pictures", digest: pictures?.training.digest ?? ""),
      RankReport.Input(
        name: "set of validation pictures", digest: pictures?.validation.digest ?? ""),
    ]
  }
}
