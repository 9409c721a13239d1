/// Several runs beside each other.
struct RunTable {
  private struct Row {
    var name: String
    var file: String
    var epoch: String
    var share: String
    var interval: String
  }

  private let rows: [Row]
  private let mean: String
  private let deviation: String

  /// Nil for one run.
  init?(_ subject: ReportSubject) {
    guard subject.runs.count > 1,
      let spread = Spread(subject.runs.map(\.evaluation.accuracy))
    else { return nil }
    rows = subject.runs.map { run in
      Row(
        name: subject.name(of: run), file: run.fileName,
        epoch: run.keptEpoch.map(String.init) ?? "-",
        share: NumberFormat.percent(run.evaluation.accuracy), interval: run.interval?.words ?? "-")
    }
    mean = NumberFormat.percent(spread.mean)
    deviation = NumberFormat.percent(spread.deviation)
  }
}
