import Foundation

/// What a network says to one picture.
public struct Answer: Sendable, Equatable {
  /// The label that it says: the first of the likeliest.
  public let label: Int
  /// How sure it is: the softmax of the logits for that label, in 0 ... 1.
  public let probability: Float
  /// The cross entropy of the softmax against the right label, in nats, from 0; `exp(-loss)` is the probability that the right
  /// label got. Not a number where logits are not.
  public let loss: Float

  /// Before the network was asked.
  static let none = Answer(label: 0, probability: 0, loss: 0)

  private init(label: Int, probability: Float, loss: Float) {
    self.label = label
    self.probability = probability
    self.loss = loss
  }

  /// Reads `labelCount` logits of a picture whose label is `right`.
  init(_ logits: UnsafePointer<Float>, labelCount: Int, right: Int) {
    var top = 0
    for label in 1..<labelCount where logits[label] > logits[top] { top = label }
    var sum: Float = 0
    for label in 0..<labelCount { sum += exp(logits[label] - logits[top]) }
    label = top
    probability = 1 / sum
    loss = log(sum) + (logits[top] - logits[right])
  }
}
