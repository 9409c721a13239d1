import Train

/// Loss, accuracy, learning rate and what pruning came to over the epochs, as charts and in numbers.
struct EpochSection {
  private let charts: [Chart]
  private let tables: [EpochTable]

  /// Nil where no run has a history.
  init?(_ subject: ReportSubject) {
    let curves = Curves(subject)
    charts = [
      curves.loss, curves.accuracy, curves.learningRate, curves.prunedShare, curves.fileSize,
    ].compactMap { $0 }
    tables = subject.runs.compactMap { run in
      run.history.flatMap {
        EpochTable($0, name: subject.runs.count > 1 ? subject.name(of: run) : nil)
      }
    }
    if charts.isEmpty { return nil }
  }
}

/// The lines of the charts.
private struct Curves {
  private static let colours = 8
  private let subject: ReportSubject
  private let lastEpoch: Int

  init(_ subject: ReportSubject) {
    self.subject = subject
    lastEpoch = subject.runs.compactMap { $0.history?.lines.last?.epoch }.max() ?? 0
  }

  /// Training's and validation's lines of every run.
  private func series(
    training: (TrainingHistory.Line) -> Double, validation: (TrainingHistory.Line) -> Double?
  ) -> [Chart.Series] {
    let isOne = subject.runs.count == 1
    return subject.runs.enumerated().flatMap { index, run -> [Chart.Series] in
      let lines = run.history?.lines ?? []
      let name = isOne ? "" : subject.name(of: run) + ", "
      let colour = index % Self.colours
      let others = isOne ? 1 : colour
      return [
        Chart.Series(
          key: Chart.Key(text: name + "training", look: "c\(colour) dashed"),
          points: lines.map { (Double($0.epoch), training($0)) }),
        Chart.Series(
          key: Chart.Key(text: name + "validation", look: "c\(others)"),
          points: lines.compactMap { line in validation(line).map { (Double(line.epoch), $0) } },
          markedEpoch: run.keptEpoch),
      ]
    }
  }

  var loss: Chart? {
    let series = series(training: \.loss, validation: \.validation_loss)
    let floor = Self.floor(series.flatMap { $0.points.map(\.value) })
    return Chart(
      "Loss",
      note: "In nats. In training it is of pictures as varied, and counts what the recipe adds: "
        + "smoothed labels, mixed pictures, a teacher. In validation it is the cross entropy alone.",
      series,
      Chart.Measure(
        scale: .logarithmic, place: { max($0, floor) }, floor: (floor, "0"), text: Self.plain),
      lastEpoch: lastEpoch)
  }

  var accuracy: Chart? {
    let series = series(training: \.accuracy, validation: \.validation_accuracy)
    let floor = Self.floor(series.flatMap { $0.points.map { 1 - $0.value } })
    return Chart(
      "Accuracy",
      note:
        "The axis is stretched towards 100 %: equal distances are equal ratios of errors. A dot "
        + "marks the epoch whose weights were kept.",
      series,
      Chart.Measure(
        scale: .logarithmic, place: { max(1 - $0, floor) }, floor: (floor, "100 %"), limit: 1,
        isReversed: true,
        text: { NumberFormat.decimal((1 - $0) * 100, places: max(Self.places($0) - 2, 0)) + " %" }),
      lastEpoch: lastEpoch)
  }

  /// The rate of the recipe, step by step; nil where runs differ in it.
  var learningRate: Chart? {
    let run = subject.run
    guard let recipe = run.recipe, let pictures = run.trainingCount, pictures > 0,
      subject.runs.allSatisfy({ $0.recipe == recipe && $0.trainingCount == pictures }),
      run.history?.lines.isEmpty == false, recipe.epochs > 0
    else { return nil }
    let batches = pictures / min(recipe.batch, pictures)
    let schedule = Schedule(of: recipe, batches: batches)
    let shown = min(schedule.steps, 300)
    let points = (0..<shown).map { index -> (epoch: Double, value: Double) in
      let step = shown > 1 ? index * (schedule.steps - 1) / (shown - 1) : 0
      return (Double(step) / Double(batches), Double(schedule.rate(at: step)))
    }
    return Chart(
      "Learning rate", note: nil,
      [Chart.Series(key: Chart.Key(text: "learning rate", look: "c2"), points: points)],
      Chart.Measure(scale: .linear, origin: 0, text: Self.plain), lastEpoch: lastEpoch)
  }

  var prunedShare: Chart? {
    Chart(
      "Pruned", note: "The share of the weights, or of the channels that could go, that is gone.",
      series("pruned") { $0.pruned_share },
      Chart.Measure(scale: .linear, origin: 0, limit: 1, text: NumberFormat.percent),
      lastEpoch: lastEpoch)
  }

  /// With the budget, where all runs have the same.
  var fileSize: Chart? {
    var series = series("model file") { $0.file_bytes.map(Double.init) }
    let budgets = Set(subject.runs.compactMap { $0.recipe?.byteBudget })
    if let budget = budgets.first, budgets.count == 1, budget > 0 {
      series.append(
        Chart.Series(
          key: Chart.Key(text: "budget", look: "c7 dashed"),
          points: [1, lastEpoch].map { (Double($0), Double(budget)) }))
    }
    return Chart(
      "Model file", note: "In bytes, with its weights compressed; from the first epoch on grids.",
      series,
      Chart.Measure(
        scale: .linear, origin: 0, text: { NumberFormat.grouped(Int($0)) }), lastEpoch: lastEpoch)
  }

  /// A line of every run, called by its name, or else `text`.
  private func series(
    _ text: String, _ value: (TrainingHistory.Line) -> Double?
  ) -> [Chart.Series] {
    subject.runs.enumerated().map { index, run in
      Chart.Series(
        key: Chart.Key(
          text: subject.runs.count == 1 ? text : subject.name(of: run),
          look: "c\(index % Self.colours)"),
        points: (run.history?.lines ?? []).compactMap { line in
          value(line).map { (Double(line.epoch), $0) }
        }, markedEpoch: run.keptEpoch)
    }
  }

  /// What stands for 0 on an axis of ratios: half of the smallest number above it.
  private static func floor(_ values: [Double]) -> Double {
    (values.filter { $0 > 1e-9 }.min() ?? 1e-3) / 2
  }

  /// As many decimal places as one digit of a number takes.
  private static func places(_ value: Double) -> Int {
    var (places, scaled) = (0, abs(value))
    while scaled < 0.9999, places < 8 {
      scaled *= 10
      places += 1
    }
    return places
  }

  private static func plain(_ value: Double) -> String {
    value == 0 ? "0" : NumberFormat.decimal(value, places: places(value))
  }
}
