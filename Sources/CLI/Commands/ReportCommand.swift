import ArgumentParser
import Export
import Foundation

/// Shows how a network was trained and what it learned.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write a page with curves, confusions, filters and errors.",
    discussion: """
      One HTML file that needs nothing else. It looks at the pictures held out of the training pictures, never at the \
      test set; curves come from CHECKPOINT.history.jsonl. Of several checkpoints of one network the first is looked at, \
      and the others' curves and scores are set beside it.

      Example: thimble report small.safetensors --data mnist --model small.thimble --output small.html
      """)

  @OptionGroup var global: GlobalOptions
  @Argument(help: "Checkpoints of one network, or states of stopped runs.") var checkpoints:
    [String]
  @Option(help: "The data folder that it was trained on; else THIMBLE_DATA.") var data: String?
  @Option(help: "Also show the model file that was made of the first.") var model: String?
  @Option(help: "How many threads; it changes the time only.")
  var threads = min(ProcessInfo.processInfo.activeProcessorCount, 256)
  @Option(help: "The page to write; else CHECKPOINT.html.") var output: String?

  func validate() throws {
    guard (1...256).contains(threads) else {
      throw ValidationError("--threads takes a number from 1 to 256")
    }
  }

  private struct Result: Encodable {
    var output: String
    var file_bytes: Int
    var validation_accuracy: Double
    var validation_interval: [Double]
    var images: Int
    @Nullable var int8_accuracy: Double?
  }

  func run() throws {
    let output = output ?? checkpoints[0] + ".html"
    let source = DataSource(environment: ProcessInfo.processInfo.environment)
    let folder = try source.folder(option: data)
    try FilePlace.requireApart(
      writing: [output],
      reading: checkpoints + checkpoints.map(TrainingHistory.path) + (model.map { [$0] } ?? []),
      data: folder)
    try OutputFile.check(output)
    let subject = try ReportSubject(
      checkpoints, data: folder, source, model: model, threads: threads)
    let byteCount = try subject.write(to: output)
    let evaluation = subject.run.evaluation
    if global.isJSON {
      return try JSONOutput.write(
        Result(
          output: output, file_bytes: byteCount, validation_accuracy: evaluation.accuracy,
          validation_interval: subject.run.interval.map { [$0.lower, $0.upper] } ?? [],
          images: evaluation.count, int8_accuracy: subject.model?.evaluation.accuracy))
    }
    try StandardOutput.line(
      "\(output): \(NumberFormat.percent(evaluation.accuracy)) of "
        + "\(NumberFormat.grouped(evaluation.count)) validation pictures right, "
        + "\(NumberFormat.grouped(byteCount)) bytes")
  }
}

extension ReportSubject {
  /// Writes the page.
  /// - Returns: the number of its bytes.
  func write(to path: String) throws -> Int {
    let page = Data(try ReportPage(self).html.utf8)
    try OutputFile.write(page, to: path)
    return page.count
  }
}
