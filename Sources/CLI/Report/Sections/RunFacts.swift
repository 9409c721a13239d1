import Foundation
import Network

/// What was trained, how, and how long it took.
struct RunFacts {
  private struct Fact {
    var term: String
    var detail: String
  }

  private let facts: [Fact]
  private let warnings: [String]
  private let recipe: [Fact]
  private let networkText: String

  init(_ subject: ReportSubject) {
    let run = subject.run
    let metadata = run.checkpoint.metadata
    let network = subject.network
    var facts = [
      Fact(
        term: "Network",
        detail: "\(network.input) to \(network.output), "
          + "\(NumberFormat.grouped(network.parameterCount)) parameters, "
          + "\(NumberFormat.grouped(network.macs)) multiply-accumulates a picture")
    ]
    for (key, term) in [
      ("command", "Command"), ("seed", "Seed"), (Fitting.picturesKey, "Pictures"),
      ("teacher", "Teacher"), ("made_by", "Trained by"),
    ] {
      if let detail = metadata[key] { facts.append(Fact(term: term, detail: detail)) }
    }
    if let history = run.history, let last = history.lines.last {
      let kept = run.keptEpoch.map { $0 < last.epoch ? ", the weights are those of \($0)" : "" }
      facts.append(Fact(term: "Epochs", detail: "\(last.epoch)" + (kept ?? "")))
      facts.append(Fact(term: "Time", detail: Self.time(history)))
    }
    self.facts = facts
    warnings = Self.warnings(subject)
    recipe = (metadata["recipe"] ?? "").split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      let (term, detail) = (parts[0], parts[1])
      return Fact(
        term: term.trimmingCharacters(in: .whitespaces),
        detail: detail.trimmingCharacters(in: .whitespaces))
    }
    networkText = network.text
  }

  private static func time(_ history: TrainingHistory) -> String {
    let duration = NumberFormat.duration(seconds: history.seconds)
    let speed = history.picturesPerSecond.map {
      ", \(NumberFormat.decimal($0, places: 0)) pictures a second"
    }
    return "\(duration) of training, validation left out" + (speed ?? "")
  }

  /// What is missing, or isn't as it should be.
  private static func warnings(_ subject: ReportSubject) -> [String] {
    let metadata = subject.run.checkpoint.metadata
    var warnings: [String] = []
    for run in subject.runs where run.history?.lines.isEmpty ?? true {
      warnings.append(
        run.hasOtherHistory
          ? "The history beside \(run.fileName) is another run's, so its curves are not shown."
          : "There is no history of \(run.fileName), so its curves are not shown.")
    }
    if metadata["recipe"] == nil {
      warnings.append("The checkpoint does not say how it was trained.")
    }
    let pictures = Fitting.Pictures.words(
      training: subject.trainingCount, validation: subject.validation.count)
    // How many are held out follows from how many are not.
    if let trained = metadata[Fitting.picturesKey],
      subject.run.trainingCount != subject.trainingCount
    {
      warnings.append(
        "The network was trained on other pictures (\(trained)) than are looked at (\(pictures)): "
          + "it may have learned from some of these.")
    }
    let recorded = metadata[Fitting.accuracyKey].flatMap { Double($0) }
    // That of a network on grids was the exported file's.
    if let recorded, subject.network.quantization == nil,
      abs(recorded - subject.run.evaluation.accuracy) > 1e-9
    {
      warnings.append(
        "The checkpoint says \(NumberFormat.percent(recorded)) of its validation pictures were right, here "
          + "it is \(NumberFormat.percent(subject.run.evaluation.accuracy))."
      )
    }
    return warnings
  }
}
