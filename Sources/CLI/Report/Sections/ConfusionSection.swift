import Network

/// Which label gets which answer.
struct ConfusionSection {
  private struct Cell {
    var count: String
    /// `right`, `wrong` or `none`.
    var look: String
    /// How strong the colour is, in 0 ... 1.
    var strength: String
  }

  private struct Row {
    var label: String
    var cells: [Cell]
    var sum: String
  }

  private struct Pair {
    var label: String
    var answer: String
    var times: String
    var share: String
  }

  private struct Grid {
    var answers: [String]
    var rows: [Row]
  }

  /// More labels than this are a picture instead of a table.
  private static let mostLabels = 30
  private static let mostPairs = 8

  private let grid: Grid?
  private let image: PageImage?
  private let pairs: [Pair]

  /// `confusion[label][answer]` with the names of both.
  init(_ confusion: [[Int]], labels: [String], answers: [String]) {
    let isSmall = max(labels.count, answers.count) <= Self.mostLabels
    grid = isSmall ? Self.grid(confusion, labels, answers) : nil
    image = isSmall ? nil : Self.image(confusion)
    let wrong = confusion.enumerated().flatMap { label, counts in
      counts.enumerated().filter { $0.offset != label && $0.element > 0 }.map {
        (label: label, answer: $0.offset, count: $0.element)
      }
    }
    // Equals stay in the matrix's order.
    let order = wrong.indices.sorted { (-wrong[$0].count, $0) < (-wrong[$1].count, $1) }
    pairs = order.prefix(Self.mostPairs).map { index in
      let pair = wrong[index]
      let share = Double(pair.count) / Double(confusion[pair.label].reduce(0, +))
      return Pair(
        label: labels[pair.label], answer: answers[pair.answer],
        times: NumberFormat.grouped(pair.count) + (pair.count == 1 ? " picture" : " pictures"),
        share: NumberFormat.percent(share))
    }
  }

  /// How strong each cell's colour is: the share of the label that is right; of what is wrong the root of the share, so that
  /// single errors can be seen, against the largest.
  private static func strengths(_ confusion: [[Int]]) -> [[Double]] {
    let shares = confusion.map { row in
      let sum = Double(max(row.reduce(0, +), 1))
      return row.map { Double($0) / sum }
    }
    let wrong = shares.enumerated().flatMap { label, row in
      row.enumerated().filter { $0.offset != label }.map(\.element)
    }
    let worst = max(wrong.max() ?? 0, .leastNormalMagnitude)
    return shares.enumerated().map { label, row in
      row.enumerated().map { $0.offset == label ? $0.element : ($0.element / worst).squareRoot() }
    }
  }

  private static func grid(_ confusion: [[Int]], _ labels: [String], _ answers: [String]) -> Grid {
    let strengths = strengths(confusion)
    let rows = zip(labels, confusion).enumerated().map { label, row in
      let cells = row.1.enumerated().map { answer, count in
        Cell(
          count: NumberFormat.grouped(count),
          look: count == 0 ? "none" : answer == label ? "right" : "wrong",
          strength: NumberFormat.decimal(strengths[label][answer], places: 2))
      }
      return Row(label: row.0, cells: cells, sum: NumberFormat.grouped(row.1.reduce(0, +)))
    }
    return Grid(answers: answers, rows: rows)
  }

  private static func image(_ confusion: [[Int]]) -> PageImage {
    let size = Shape(height: confusion.count, width: confusion[0].count, channels: 4)
    let pixels = strengths(confusion).enumerated().flatMap { label, row in
      row.enumerated().flatMap { answer, strength in
        Palette.diverging(Float(answer == label ? -strength : strength))
      }
    }
    return PageImage(
      Picture(shape: size, pixels: pixels), "Confusion matrix of \(confusion.count) labels",
      side: 600)
  }
}
