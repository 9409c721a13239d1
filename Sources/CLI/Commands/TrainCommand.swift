import ArgumentParser
import Foundation
import Network
import Train

/// Fits a network.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Fit a network to pictures.",
    discussion: """
      Every twelfth training picture is held out for validation. After each epoch the state goes to \
      OUTPUT.state, from which --resume goes on, and a line to OUTPUT.history.jsonl.

      Example: thimble train --data mnist --network small --output small.safetensors
      """)

  @OptionGroup var global: GlobalOptions
  @Option(help: "The data folder; else THIMBLE_DATA.") var data: String?
  @Option(
    help: "A preset (\(Preset.allCases.map(\.rawValue).joined(separator: ", "))) or a text file.")
  var network: String
  @Option(help: "A file of lines 'key = value'; a preset has a recipe of its own.")
  var recipe: String?
  @Option(help: "How often to go over the pictures; 0 writes seeded weights and needs no data.")
  var epochs: Int?
  @Option(help: "What everything random follows from.") var seed: UInt64 = 1
  @Option(help: "How many threads; it changes the time only.")
  var threads = min(ProcessInfo.processInfo.activeProcessorCount, 256)
  @Flag(help: "Go on after the last epoch of a run that was stopped.") var resume = false
  @Option(help: "The checkpoint to write, safetensors.") var output: String

  func validate() throws {
    guard (1...256).contains(threads) else {
      throw ValidationError("--threads takes a number from 1 to 256")
    }
    if let epochs, epochs < 0 { throw ValidationError("--epochs takes a number from 0") }
    if resume, epochs == 0 { throw ValidationError("--resume needs epochs to go on with") }
  }

  private struct Result: Encodable {
    var network: String
    var parameters: Int
    var epochs: Int
    var seed: UInt64
    @Nullable var validation_accuracy: Double?
    var seconds: Double
    @Nullable var images_per_second: Double?
    var output: String
  }

  func run() throws {
    let source = try NetworkSource(network)
    var recipe = try self.recipe.map { try readRecipe($0, base: source.recipe) } ?? source.recipe
    if let epochs { recipe.epochs = epochs }
    // What can't be written is better known before the work than after it.
    _ = try OutputFile(output)
    let start = ContinuousClock.now
    var checkpoint: Checkpoint
    var speed: Double?
    var accuracy: Double?
    if recipe.epochs == 0 {
      checkpoint = Checkpoint(network: source.network.untrained(seed: seed))
      checkpoint.metadata["ranges"] = "pictures of noise"
    } else {
      let dataSource = DataSource(environment: ProcessInfo.processInfo.environment)
      let folder = try dataSource.folder(option: data)
      let loader = DatasetLoader(cache: dataSource.cache, shape: source.network.input)
      let (training, validation) = try loader.load(.training, from: folder).splitForValidation()
      guard validation.count > 0 else {
        throw Failure(
          "\(folder.path): \(training.count) training pictures are too few; the validation split "
            + "takes one in \(Dataset.validationStride)")
      }
      let run = TrainingRun(output: output, recipe: recipe, seed: seed, threads: threads)
      let outcome = try run.fit(
        source.network, training: training, validation: validation, resuming: resume)
      checkpoint = Checkpoint(network: try outcome.network.recordingActivations(of: training))
      (accuracy, speed) = (outcome.validationAccuracy, outcome.picturesPerSecond)
      checkpoint.metadata["labels"] = training.labelNames.joined(separator: "\n")
      checkpoint.metadata["pictures"] = "\(training.count) training, \(validation.count) validation"
      checkpoint.metadata["validation_accuracy"] = accuracy.map { "\($0)" }
    }
    checkpoint.metadata["recipe"] = recipe.text
    checkpoint.metadata["seed"] = "\(seed)"
    checkpoint.metadata["made_by"] = "thimble \(Thimble.configuration.version)"
    checkpoint.metadata["command"] = command
    try OutputFile.write(Data(checkpoint.bytes), to: output)
    if recipe.epochs > 0 { try TrainingRun.removeState(of: output) }
    let result = Result(
      network: network, parameters: checkpoint.network.parameterCount, epochs: recipe.epochs,
      seed: seed, validation_accuracy: accuracy,
      seconds: (ContinuousClock.now - start) / .seconds(1),
      images_per_second: speed, output: output)
    if global.isJSON { return try JSONOutput.write(result) }
    let score = accuracy.map { ", validation accuracy \(NumberFormat.percent($0))" } ?? ""
    try StandardOutput.line(
      "\(output): \(network), \(NumberFormat.grouped(result.parameters)) parameters\(score)")
  }

  /// The command that would make the same checkpoint, without the places of files.
  private var command: String {
    "thimble train --network \((network as NSString).lastPathComponent)"
      + (recipe.map { " --recipe \(($0 as NSString).lastPathComponent)" } ?? "")
      + (epochs.map { " --epochs \($0)" } ?? "") + " --seed \(seed)"
  }

  private func readRecipe(_ path: String, base: Recipe) throws -> Recipe {
    let text = String(decoding: try InputFile.read(path), as: UTF8.self)
    do throws(RecipeError) {
      return try Recipe(text: text, base: base)
    } catch { throw Failure("\(path): \(error)") }
  }
}
