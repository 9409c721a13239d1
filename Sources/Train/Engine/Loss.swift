import Foundation

/// The softmax of the logits and its cross entropy against the label, with label smoothing.
struct Loss: Sendable {
  /// The share of the target that is spread evenly over all labels.
  var labelSmoothing: Float
  /// The number of labels: the channels of the logits.
  var labelCount: Int
  /// The gradient is of the mean loss over this many pictures.
  var batchCount: Int

  /// Writes the logits' gradient, and adds to the block's loss and hits.
  func apply(_ picture: Picture, of block: Block, logits: Int) {
    let values = picture.activations[logits]
    let gradients = picture.gradients[logits]
    let spread = labelSmoothing / Float(labelCount)
    var top = 0
    for label in 1..<labelCount where values[label] > values[top] { top = label }
    let largest = values[top]
    var sum: Float = 0
    for label in 0..<labelCount {
      gradients[label] = exp(values[label] - largest)
      sum += gradients[label]
    }
    let logSum = log(sum) + largest
    var loss: Float = 0
    for label in 0..<labelCount {
      let wanted = spread + (label == picture.label ? 1 - labelSmoothing : 0)
      loss += wanted * (logSum - values[label])
      gradients[label] = (gradients[label] / sum - wanted) / Float(batchCount)
    }
    block.loss += Double(loss)
    if top == picture.label { block.correct += 1 }
  }
}
