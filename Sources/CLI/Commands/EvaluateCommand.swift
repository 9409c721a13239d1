import ArgumentParser
import Foundation
import Network
import Train

/// Scores a network on the test set.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Score a model file or a checkpoint on the test set.",
    discussion: "Example: thimble evaluate Models/digits.thimble --data mnist")

  @OptionGroup var global: GlobalOptions
  @Argument(
    help: "A model file (in integers), or a checkpoint or a stopped run's state (in floats).")
  var file: String
  @Option(help: "The data folder; else THIMBLE_DATA.") var data: String?
  @Option(help: "How many threads; it changes the time only.")
  var threads = min(ProcessInfo.processInfo.activeProcessorCount, 256)

  func validate() throws {
    guard (1...256).contains(threads) else {
      throw ValidationError("--threads takes a number from 1 to 256")
    }
  }

  private struct Result: Encodable {
    var accuracy: Double
    var images: Int
    var seconds: Double
    var images_per_second: Double
    var confusion: [[Int]]
  }

  func run() throws {
    let network = try NetworkFile(file)
    let source = DataSource(environment: ProcessInfo.processInfo.environment)
    let folder = try source.folder(option: data)
    let test = try DatasetLoader(cache: source.cache, shape: network.inputShape)
      .load(.test, from: folder)
    let start = ContinuousClock.now
    let (accuracy, confusion) = try score(network, test)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    if global.isJSON {
      return try JSONOutput.write(
        Result(
          accuracy: accuracy, images: test.count, seconds: seconds,
          images_per_second: Double(test.count) / seconds, confusion: confusion))
    }
    var table = Table(
      [.left("label")] + (confusion.first ?? []).indices.map { .right(network.labelName($0)) })
    for (label, answers) in confusion.enumerated() {
      table.add([test.labelNames[label]] + answers.map(NumberFormat.grouped))
    }
    try StandardOutput.write(
      table.text + "\n\(file): \(NumberFormat.percent(accuracy)) of "
        + "\(NumberFormat.grouped(test.count)) pictures right, "
        + "\(NumberFormat.decimal(Double(test.count) / seconds, places: 0)) pictures/s\n")
  }

  private func score(_ network: NetworkFile, _ test: Dataset) throws -> (Double, [[Int]]) {
    switch network {
    case .model(let model):
      do {
        let evaluation = try ModelEvaluation(of: model, on: test, threads: threads)
        return (evaluation.accuracy, evaluation.confusion)
      } catch let failure as Failure { throw Failure("\(file): \(failure)") }
    case .checkpoint(let checkpoint):
      do throws(TrainingError) {
        let evaluation = try Evaluation(of: checkpoint.network, on: test, threads: threads)
        return (evaluation.accuracy, evaluation.confusion)
      } catch { throw Failure("\(file): \(error)") }
    }
  }
}

extension NetworkFile {
  /// The shape of the picture.
  fileprivate var inputShape: Shape {
    switch self {
    case .model(let model): model.inputShape
    case .checkpoint(let checkpoint): checkpoint.network.input
    }
  }

  /// What the label `index` is called.
  fileprivate func labelName(_ index: Int) -> String {
    switch self {
    case .model(let model): model.labelName(index)
    case .checkpoint(let checkpoint): Labels.name(index, of: checkpoint.labels)
    }
  }
}
