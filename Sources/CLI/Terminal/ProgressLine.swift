/// The text of a progress bar, such as
/// `epoch 3/10 [=====>    ] loss 0.0421 acc 98.71 % 18,432 pictures/s 0:12 left`.
struct ProgressLine: Hashable {
  /// What is going on: `epoch 3/10`.
  var label: String
  /// How far it is, 0 to 1.
  var fraction: Double
  /// What there is to say about it, may be empty: `loss 0.0421`.
  var detail = ""
  /// How much is done a second, may be empty: `18,432 pictures/s`.
  var rate = ""
  /// The seconds that are left, where known.
  var secondsLeft: Double?

  private static let widestBar = 40

  /// The line, at most `width` columns. Where it is narrow the bar shrinks, then it goes, then the line is cut.
  func text(width: Int) -> String {
    let left = secondsLeft.map { NumberFormat.duration(seconds: $0) + " left" } ?? ""
    let tail = [detail, rate, left].filter { !$0.isEmpty }.joined(separator: " ")
    let around = label.count + 3 + (tail.isEmpty ? 0 : tail.count + 1)
    let barWidth = min(Self.widestBar, width - around)
    let parts = barWidth < 4 ? [label, tail] : [label, bar(width: barWidth), tail]
    return String(parts.filter { !$0.isEmpty }.joined(separator: " ").prefix(max(width, 0)))
  }

  /// `[==>   ]` with `width` columns between the brackets.
  private func bar(width: Int) -> String {
    let share = fraction.isFinite ? min(max(fraction, 0), 1) : 0
    let filled = Int(share * Double(width))
    let head = filled > 0 && filled < width ? ">" : ""
    let line = String(repeating: "=", count: filled - head.count) + head
    return "[" + line + String(repeating: " ", count: width - filled) + "]"
  }
}
