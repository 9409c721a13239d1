/// How many validation pictures are right.
struct Accuracy {
  private let accuracy: String
  private let interval: String
  private let right: String
  private let pictures: String
  private let loss: String

  init(_ subject: ReportSubject) {
    let evaluation = subject.run.evaluation
    accuracy = NumberFormat.percent(evaluation.accuracy)
    interval = subject.run.interval?.words ?? "-"
    right = NumberFormat.grouped(evaluation.correct)
    pictures = NumberFormat.grouped(evaluation.count)
    loss = NumberFormat.decimal(evaluation.loss, places: 4)
  }
}
