import Foundation
import Network
import Testing

@testable import Train

@Suite struct AnswerTests {
  @Test(
    "the loss is the cross entropy, the probability the softmax's",
    arguments: [[0.5, -1, 2], [3, 3], [-80, 40, 10, 39.5]] as [[Float]])
  func softmax(logits: [Float]) {
    let sum = logits.reduce(0.0) { $0 + exp(Double($1)) }
    for right in logits.indices {
      let answer = Answer(logits, labelCount: logits.count, right: right)
      // The first of the largest.
      #expect(answer.label == logits.firstIndex(of: logits.max()!)!)
      let share = exp(Double(logits[answer.label])) / sum
      #expect(abs(Double(answer.probability) - share) < 1e-6)
      let loss = log(sum) - Double(logits[right])
      #expect(abs(Double(answer.loss) - loss) < 1e-5 * max(loss, 1))
    }
  }

  @Test("an evaluation has every picture's answer, and their mean loss")
  func evaluation() throws {
    let network = try sampleNetwork(awkwardNetworks[4], seed: 8)
    let labels = network.logitsShape.channels
    let dataset = try sampleDataset(network.input, count: 37, labels: labels, seed: 9)
    let evaluation = try Evaluation(of: network, on: dataset, threads: 3)
    #expect(evaluation.answers.count == 37)
    var confusion = [[Int]](repeating: [Int](repeating: 0, count: labels), count: labels)
    for (index, answer) in evaluation.answers.enumerated() {
      confusion[dataset.label(at: index)][answer.label] += 1
      let isRight = answer.label == dataset.label(at: index)
      if isRight { #expect(abs(exp(-answer.loss) - answer.probability) < 1e-5) }
    }
    #expect(confusion == evaluation.confusion)
    let mean = evaluation.answers.map { Double($0.loss) }.reduce(0, +) / 37
    #expect(abs(evaluation.loss - mean) < 1e-9)
  }

  @Test("a split knows where its pictures were")
  func positions() throws {
    let dataset = try sampleDataset(
      Shape(height: 1, width: 1, channels: 1), count: 30, labels: 3, seed: 1)
    let (training, validation) = dataset.splitForValidation()
    #expect((0..<validation.count).map(validation.originalPosition) == [11, 23])
    #expect(training.originalPosition(of: 11) == 12)
  }
}
