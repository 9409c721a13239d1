import Foundation
import Train

/// The pictures that the network is most wrong about.
struct HardestPictures {
  private struct Entry {
    var image: PageImage
    var label: String
    var answer: String
    var isRight: Bool
    var sure: String
    var given: String
    var loss: String
    var place: String
  }

  private static let count = 24

  private let entries: [Entry]
  private let wrong: String
  /// Whether pictures are named by their numbers.
  private let isCounted: Bool

  init(_ subject: ReportSubject) {
    let (evaluation, names) = (subject.run.evaluation, subject.answerNames)
    wrong = NumberFormat.grouped(evaluation.count - evaluation.correct)
    isCounted = subject.paths == nil
    entries = evaluation.hardest(Self.count).map { index in
      let answer = evaluation.answers[index]
      let label = subject.validation.label(at: index)
      let place = subject.pictureName(index)
      let name = subject.validation.labelNames[label]
      return Entry(
        image: PageImage(
          subject.validation.pagePicture(at: index),
          "\(place), label \(name), taken for \(names[answer.label])", side: 96),
        label: name, answer: names[answer.label], isRight: answer.label == label,
        sure: NumberFormat.percent(Double(answer.probability)),
        given: NumberFormat.percent(exp(-Double(answer.loss))),
        loss: NumberFormat.decimal(Double(answer.loss), places: 2), place: place)
    }
  }
}

extension Evaluation {
  /// The positions of the `count` pictures of the highest loss, the highest first, equals in the dataset's order. A loss that is
  /// no number is the highest.
  func hardest(_ count: Int) -> [Int] {
    let losses = answers.map { $0.loss.isNaN ? .infinity : $0.loss }
    return Array(losses.indices.sorted { (-losses[$0], $0) < (-losses[$1], $1) }.prefix(count))
  }
}
