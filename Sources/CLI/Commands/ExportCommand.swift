import ArgumentParser
import Export
import Foundation
import Network
import Train

extension Goal: ExpressibleByArgument {}
extension EncodingChoice: ExpressibleByArgument {}
extension WeightGrid: ExpressibleByArgument {}

/// Quantizes, plans and packs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Make a model file of a checkpoint.",
    discussion: """
      Without --calibration, ranges are the checkpoint's, errors are measured on pictures of noise, and accuracies \
      are not known. A network that was trained for grids (recipe key quantize) brings ranges and weights' grids along.

      Example: thimble export small.safetensors --calibration mnist --output small.thimble
      """)

  @OptionGroup var global: GlobalOptions
  @Argument(help: "The checkpoint, safetensors, or a stopped run's state.") var checkpoint: String
  @Option(
    help: """
      What weights become, whole numbers of 8, 4 or 2 bits, or of -1, 0 and 1; else what they were trained for, or int8.
      """)
  var weights: WeightGrid?
  @Option(
    help:
      "How weights are stored; auto is the smallest that is used in place, raw or packed, unless only deflate fits the flash budget."
  )
  var encoding = EncodingChoice.auto
  @Option(help: "ram: the fewest rows of each activation; speed: whole activations.")
  var optimize = Goal.ram
  @Option(help: "A data folder, whose training pictures choose the ranges.")
  var calibration: String?
  @Option(help: "Refuse a file of more bytes.") var budgetFlash: Int?
  @Option(help: "Refuse a model that works in more bytes.") var budgetRam: Int?
  @Option(help: "The model file to write.") var output: String

  private static let packedNeedsLess = "--encoding packed takes --weights int4, int2 or ternary"

  func validate() throws {
    guard encoding != .packed || weights != .int8 else {
      throw ValidationError(Self.packedNeedsLess)
    }
  }

  func run() throws {
    let checkpoint = try NetworkFile.checkpoint(checkpoint)
    guard encoding != .packed || weights != nil || checkpoint.network.quantization != nil else {
      throw ValidationError(Self.packedNeedsLess)
    }
    let calibrationFolder = try calibration.map { try DataFolder($0) }
    try FilePlace.requireApart(
      writing: [output], reading: [self.checkpoint], data: calibrationFolder)
    try OutputFile.check(output)
    var network = checkpoint.network
    var validation: Dataset?
    var foreground: PictureFitting.Foreground?
    let samples: [Sample]
    if let calibrationFolder {
      let source = DataSource(environment: ProcessInfo.processInfo.environment)
      let loader = DatasetLoader(cache: source.cache, shape: network.input)
      let parts = try loader.load(.training, from: calibrationFolder).splitForValidation()
      guard parts.validation.count > 0 else {
        throw Failure(
          "\(calibrationFolder.path): \(parts.training.count) training pictures are too few")
      }
      network = try network.recordingActivations(of: parts.training)
      samples = try network.samples(
        of: parts.training, at: parts.training.spreadPositions(Network.sampleCount))
      validation = parts.validation
      foreground = PictureFitting.Foreground(of: samples, shape: network.input)
    } else {
      let noise = Dataset.noise(shape: network.input, count: 8, seed: 1)
      samples = try network.samples(of: noise, at: 0..<noise.count)
    }
    var options = ExportOptions()
    options.goal = optimize
    options.weights = weights
    options.encoding = encoding
    options.flashBudget = budgetFlash
    options.ramBudget = budgetRam
    options.labels = checkpoint.labels
    options.source = checkpoint.metadata["command"]
    options.foreground = foreground?.rawValue
    let result: ExportResult
    do throws(ExportError) {
      result = try Exporter.export(network, samples: samples, options: options)
    } catch { throw Failure("\(self.checkpoint): \(error)") }
    let accuracies = try validation.map { try measure(network, result, $0) }
    try OutputFile.write(Data(result.file), to: output)
    let view = ExportView(
      report: result.report, accuracies: accuracies, isMeasuredOnNoise: calibration == nil)
    if global.isJSON { return try JSONOutput.write(view.json) }
    try StandardOutput.write(view.text + "\n\(output) written\n")
  }

  private func measure(
    _ network: Network, _ result: ExportResult, _ validation: Dataset
  ) throws -> (float: Double, int8: Double) {
    let threads = ProcessInfo.processInfo.activeProcessorCount
    let model = try HostModel(result.file)
    return (
      try Evaluation(of: network, on: validation, threads: threads).accuracy,
      try ModelEvaluation(of: model, on: validation, threads: threads).accuracy
    )
  }
}
