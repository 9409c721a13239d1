/// A run's epochs in numbers.
struct EpochTable {
  private struct Row {
    var epoch: Int
    var loss: String
    var accuracy: String
    var validationLoss: String
    var validationAccuracy: String
    var speed: String
  }

  /// A longer run is thinned.
  private static let mostRows = 100

  private let name: String?
  private let isThinned: Bool
  private let rows: [Row]

  init?(_ history: TrainingHistory, name: String?) {
    let lines = history.lines
    guard let last = lines.last else { return nil }
    self.name = name
    isThinned = lines.count > Self.mostRows
    let stride = (lines.count + Self.mostRows - 1) / Self.mostRows
    rows = lines.enumerated().filter { $0.offset % stride == 0 || $0.element == last }.map {
      let line = $0.element
      return Row(
        epoch: line.epoch, loss: NumberFormat.decimal(line.loss, places: 4),
        accuracy: NumberFormat.percent(line.accuracy),
        validationLoss: line.validation_loss.map { NumberFormat.decimal($0, places: 4) } ?? "-",
        validationAccuracy: line.validation_accuracy.map(NumberFormat.percent) ?? "-",
        speed: NumberFormat.decimal(line.images_per_second, places: 0))
    }
  }
}
