import Foundation
import Search

/// What is known of a search: its counts, and the front.
struct SearchReport {
  let settings: SearchSettings
  let folder: SearchFolder
  /// The data folder, where it was named.
  let data: String?
  private let trials: [TrialRecord]
  private let trained: [TrainedRecord]
  private let front: ParetoFront
  private let seconds: Double

  /// Reads it.
  init(
    _ database: SearchDatabase, _ settings: SearchSettings, in folder: SearchFolder, data: String?
  ) throws {
    self.settings = settings
    self.data = data
    self.folder = folder
    trials = try database.trials()
    trained = try database.trained()
    front = ParetoFront(of: trained.map(\.point))
    seconds = try database.results().reduce(0) { $0 + $1.seconds }
  }

  private struct JSON: Encodable {
    struct Trial: Encodable {
      var trial: Int
      var epochs: Int
      var validation_accuracy: Double
      var file_bytes: Int
      var ram_bytes: Int
      var macs: Int
      var parameters: Int
      var weights: String
      var network: String
      var model: String
    }

    var trials: Int
    var over_budget: Int
    var repeated: Int
    var failed: Int
    var trained: Int
    var epochs: Int
    var best: Int
    var front: [Trial]
    var seconds: Double
    var output: String
  }

  /// Writes the picture of the front and the best trial's model file.
  /// - Throws: a `Failure` if no trial fits; `FileError`.
  func writeFiles() throws {
    let best = try best()
    let model = try InputFile.read(folder.file(.model, of: best))
    try OutputFile.write(model, to: folder.best)
    let marks = trained.map { trial in
      FrontPicture.Mark(
        point: trial.point,
        title: "trial \(trial.trial): \(NumberFormat.percent(trial.validation_accuracy)) after "
          + "\(trial.epochs) epochs, \(NumberFormat.grouped(trial.file_bytes)) bytes, "
          + "\(NumberFormat.grouped(trial.ram_bytes)) of RAM, \(trial.weights), \(trial.summary)")
    }
    let picture = FrontPicture(
      marks, front: front, pictures: trained[0].pictures, budget: settings.budget)
    try OutputFile.write(Data(picture.svg.utf8), to: folder.picture)
  }

  /// Writes the front to standard output: a table, or an object.
  /// - Parameters:
  ///   - isJSON: whether it is an object.
  ///   - hasFiles: whether what `writeFiles` writes is there, and of this front.
  /// - Throws: a `Failure` if no trial fits.
  func write(isJSON: Bool, hasFiles: Bool) throws {
    let best = try best()
    if isJSON { return try JSONOutput.write(json(best)) }
    try StandardOutput.write(table.text + "\n" + counts + "\n" + files(best, hasFiles))
  }

  private func best() throws -> Int {
    if let best = front.best { return best.score.trial }
    throw Failure("\(folder.path): no trial was trained, of \(trials.count); \(nearMiss)")
  }

  private func count(_ state: TrialRecord.State) -> Int { trials.count { $0.state == state } }

  /// In the front's order.
  private var shown: [TrainedRecord] {
    let known = Dictionary(trained.map { ($0.trial, $0) }) { $1 }
    return front.points.compactMap { known[$0.score.trial] }
  }

  private func json(_ best: Int) -> JSON {
    JSON(
      trials: trials.count, over_budget: count(.rejected), repeated: count(.repeated),
      failed: count(.failed), trained: trained.count, epochs: settings.epochs, best: best,
      front: shown.map { trial in
        JSON.Trial(
          trial: trial.trial, epochs: trial.epochs,
          validation_accuracy: trial.validation_accuracy, file_bytes: trial.file_bytes,
          ram_bytes: trial.ram_bytes, macs: trial.macs, parameters: trial.parameters,
          weights: trial.weights, network: trial.summary,
          model: folder.file(.model, of: trial.trial))
      }, seconds: seconds, output: folder.path)
  }

  private var table: Table {
    var table = Table([
      .right("trial"), .right("epochs"), .right("validation"), .right("file"), .right("RAM"),
      .right("MACs"), .right("parameters"), .left("weights"), .left("network"),
    ])
    for trial in shown {
      table.add([
        "\(trial.trial)", "\(trial.epochs)", NumberFormat.percent(trial.validation_accuracy),
        NumberFormat.grouped(trial.file_bytes), NumberFormat.grouped(trial.ram_bytes),
        NumberFormat.grouped(trial.macs), NumberFormat.grouped(trial.parameters), trial.weights,
        trial.summary,
      ])
    }
    return table
  }

  private var counts: String {
    let full = trained.count { $0.epochs == settings.epochs }
    let parts = [
      (count(.rejected), "over budget"), (count(.repeated), "drawn before"),
      (count(.failed), "failed"),
    ].filter { $0.0 > 0 }.map { "\(NumberFormat.grouped($0.0)) \($0.1), " }
    return "\(NumberFormat.grouped(trials.count)) trials: \(parts.joined())"
      + "\(NumberFormat.grouped(trained.count)) trained, \(NumberFormat.grouped(full)) of them to "
      + "\(settings.epochs) epochs\n"
  }

  /// Where things are, and the commands to go on with.
  private func files(_ best: Int, _ hasFiles: Bool) -> String {
    let data = data.map { ["--data", $0] } ?? []
    let model = hasFiles ? folder.best : folder.file(.model, of: best)
    let commands = [
      ["evaluate", model] + data,
      [
        "train", "--network", folder.file(.network, of: best), "--recipe",
        folder.file(.recipe, of: best), "--seed", "\(settings.seed)",
      ] + data + ["--output", "best.safetensors"],
      ["firmware", model, "--target", "cortex-m4", "--output", "firmware"],
    ]
    let written =
      hasFiles
      ? "\(folder.best) is trial \(best); \(folder.picture) shows the front."
      : "The best is trial \(best)."
    return "\(written) To go on:\n"
      + commands.map { "  \(ShellCommand(["thimble"] + $0))\n" }.joined()
  }

  /// The least that a trial would have needed.
  private var nearMiss: String {
    if let failed = trials.first(where: { $0.state == .failed }) {
      return "trial \(failed.number) failed: \(failed.reason ?? "")"
    }
    guard let file = trials.compactMap(\.file_bytes).min(),
      let ram = trials.compactMap(\.ram_bytes).min()
    else {
      return trials.first?.reason.map { "the first: \($0)" } ?? "none was drawn yet"
    }
    return "the smallest file is \(file) bytes, the least RAM \(ram)"
  }
}
