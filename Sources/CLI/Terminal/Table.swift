/// Aligned columns of text.
struct Table {
  /// Where a column's cells stand.
  enum Alignment: Hashable {
    case left
    case right
  }

  /// A heading and how the cells under it stand.
  struct Column: Hashable {
    var title: String
    var alignment: Alignment

    /// A column of text.
    static func left(_ title: String) -> Column { Column(title: title, alignment: .left) }
    /// A column of numbers.
    static func right(_ title: String) -> Column { Column(title: title, alignment: .right) }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  /// An empty table.
  init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row, one cell a column.
  mutating func add(_ cells: [String]) {
    precondition(cells.count == columns.count, "one cell a column")
    rows.append(cells)
  }

  /// The heading, a rule, and the rows; two spaces between columns, none at line ends, a line end after each line.
  var text: String {
    let titles = columns.map(\.title)
    let widths = columns.indices.map { index in
      ([titles] + rows).map { $0[index].count }.max() ?? 0
    }
    let rule = widths.map { String(repeating: "-", count: $0) }
    return ([titles, rule] + rows).map { line($0, widths: widths) + "\n" }.joined()
  }

  private func line(_ cells: [String], widths: [Int]) -> String {
    var line = ""
    for (index, cell) in cells.enumerated() {
      let padding = String(repeating: " ", count: widths[index] - cell.count)
      let padded = columns[index].alignment == .left ? cell + padding : padding + cell
      line += index == 0 ? padded : "  " + padded
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
