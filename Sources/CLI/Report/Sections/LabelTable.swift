/// How well each label is known.
struct LabelTable {
  private struct Row {
    var name: String
    var pictures: String
    var right: String
    var share: String
    var interval: String
    var mark: Mark?
  }

  /// Where share and interval are on the row's axis, in percent of its length.
  private struct Mark {
    var start: String
    var width: String
    var place: String
  }

  private let rows: [Row]
  /// The share at which the rows' axis begins; it ends at 100 %.
  private let axisStart: String

  init(_ subject: ReportSubject) {
    let confusion = subject.run.evaluation.confusion
    let counts = confusion.enumerated().map { (right: $1[$0], all: $1.reduce(0, +)) }
    let intervals = counts.map { WilsonInterval($0.right, of: $0.all) }
    let low = intervals.compactMap { $0?.lower }.min() ?? 0
    axisStart = NumberFormat.percent(low)
    let place = { (share: Double) in
      NumberFormat.decimal((share - low) / (1 - low) * 100, places: 1)
    }
    rows = zip(counts, intervals).enumerated().map { label, pair in
      let (count, interval) = pair
      let share = Double(count.right) / Double(max(count.all, 1))
      return Row(
        name: subject.validation.labelNames[label], pictures: NumberFormat.grouped(count.all),
        right: NumberFormat.grouped(count.right),
        share: interval == nil ? "-" : NumberFormat.percent(share),
        interval: interval?.words ?? "-",
        mark: interval.map {
          Mark(
            start: place($0.lower), width: place($0.upper - $0.lower + low), place: place(share))
        })
    }
  }
}
