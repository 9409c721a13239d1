import Foundation
import Network
import Testing

@testable import Train

/// The loss and its gradient against the definitions in double, and finite differences of those.
@Suite struct LossTests {
  private static let labels = 5
  /// Which picture of the batch it is.
  private static let index = 2
  private static let label = 3
  /// Of a picture that is mixed with one of label 0.
  private static let mix = [0.4, 0, 0, 0.6, 0]
  private static let answers = [0.1, 0.0, 0.5, 0.25, 0.15]

  /// What a loss is made of besides the logits.
  private struct Terms {
    var smoothing = 0.0
    var isMixed = false
    var temperature = 1.0
    var weight: Double?
  }

  /// A batch's target or answers, those of the one picture in their place.
  private static func batch(_ values: [Double]) -> Memory<Float> {
    let memory = Memory<Float>(count: (index + 1) * labels)
    for (label, value) in values.enumerated() {
      memory.start[index * labels + label] = Float(value)
    }
    return memory
  }

  /// What the trainer's loss says.
  private static func found(_ logits: [Double], _ terms: Terms) throws -> (Double, [Double]) {
    let network = try Network(text: "input 1x1x3\ndense \(labels)")
    let plan = MemoryLayoutPlan(network, Graph(network), forTraining: true)
    let block = Block(
      index: 0, pictures: 1, layout: plan, parameterCount: 0, sumCount: 0)
    let picture = block.picture(index)
    picture.label = label
    for (label, value) in logits.enumerated() { picture.activations[1][label] = Float(value) }
    let loss = Loss(
      labelSmoothing: Float(terms.smoothing), labelCount: labels, batchCount: 4,
      mix: terms.isMixed ? batch(mix) : nil,
      lesson: terms.weight.map {
        Loss.Lesson(
          answers: batch(answers), temperature: Float(terms.temperature), weight: Float($0))
      })
    loss.apply(picture, of: block, logits: 1)
    return (block.loss, (0..<labels).map { Double(picture.gradients[1][$0]) })
  }

  /// What it should say: cross entropy, and the divergence of softened distributions.
  private static func expected(_ logits: [Double], _ terms: Terms) -> Double {
    func softmax(_ values: [Double]) -> [Double] {
      let powers = values.map { exp($0) }
      let sum = powers.reduce(0, +)
      return powers.map { $0 / sum }
    }
    let wanted = (0..<labels).map {
      (1 - terms.smoothing) * (terms.isMixed ? mix[$0] : $0 == label ? 1 : 0)
        + terms.smoothing / Double(labels)
    }
    let entropy = -zip(wanted, softmax(logits)).reduce(0) { $0 + $1.0 * log($1.1) }
    guard let weight = terms.weight else { return entropy }
    let softened = softmax(logits.map { $0 / terms.temperature })
    let divergence = zip(answers, softened).reduce(0) {
      $1.0 == 0 ? $0 : $0 + $1.0 * log($1.0 / $1.1)
    }
    return (1 - weight) * entropy + weight * terms.temperature * terms.temperature * divergence
  }

  private static let cases = [
    Terms(), Terms(smoothing: 0.2), Terms(isMixed: true), Terms(smoothing: 0.1, isMixed: true),
    Terms(weight: 1), Terms(temperature: 4, weight: 1), Terms(temperature: 0.5, weight: 0.3),
    Terms(smoothing: 0.1, isMixed: true, temperature: 3, weight: 0.7), Terms(weight: 0),
  ]

  @Test("the loss is its definition, and the gradients are its differences", arguments: 0..<9)
  func definition(place: Int) throws {
    let terms = Self.cases[place]
    let logits = [0.7, -1.2, 2.1, 0.2, -0.4]
    let (loss, gradients) = try Self.found(logits, terms)
    #expect(abs(loss - Self.expected(logits, terms)) < 1e-5)
    for label in 0..<Self.labels {
      var (above, below) = (logits, logits)
      above[label] += 1e-5
      below[label] -= 1e-5
      let difference = (Self.expected(above, terms) - Self.expected(below, terms)) / 2e-5
      // Of the mean over four pictures.
      #expect(abs(gradients[label] - difference / 4) < 1e-6)
    }
  }

  @Test("an answer like the teacher's costs nothing and pulls nowhere")
  func agreement() throws {
    let terms = Terms(temperature: 2, weight: 1)
    // A label that the teacher rules out can't be ruled out by logits, but almost.
    let logits = Self.answers.map { $0 == 0 ? -100 : 2 * log($0) }
    let (loss, gradients) = try Self.found(logits, terms)
    #expect(abs(loss) < 1e-5)
    #expect(gradients.allSatisfy { abs($0) < 1e-6 })
  }

  @Test("logits that softmax can't tell from certainty stay numbers")
  func extreme() throws {
    let terms = Terms(smoothing: 0.1, temperature: 0.01, weight: 0.5)
    let (loss, gradients) = try Self.found([300, -300, 0, 200, -200], terms)
    #expect(loss.isFinite && gradients.allSatisfy(\.isFinite))
  }
}
