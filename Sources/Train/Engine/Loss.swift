import Foundation

/// The softmax of the logits and its cross entropy against the label, with label smoothing.
struct Loss: Sendable {
  /// The share of the target that is spread evenly over all labels.
  var labelSmoothing: Float
  /// The number of labels: the channels of the logits.
  var labelCount: Int
  /// The gradient is of the mean loss over this many pictures.
  var batchCount: Int

  /// Writes the logits' gradient, and the block's loss and hits.
  func apply(_ block: Block, logits: Int) {
    let values = block.activations[logits]
    let gradients = block.gradients[logits]
    for label in 0..<labelCount { gradients[label] = .zero }
    block.loss = 0
    block.correct = 0
    let spread = labelSmoothing / Float(labelCount)
    for lane in 0..<block.count {
      let target = Int(block.labels[lane])
      var top = 0
      for label in 1..<labelCount where values[label][lane] > values[top][lane] { top = label }
      let largest = values[top][lane]
      var sum: Float = 0
      for label in 0..<labelCount {
        let exponential = exp(values[label][lane] - largest)
        gradients[label][lane] = exponential
        sum += exponential
      }
      let logSum = log(sum) + largest
      var loss: Float = 0
      for label in 0..<labelCount {
        let wanted = spread + (label == target ? 1 - labelSmoothing : 0)
        loss += wanted * (logSum - values[label][lane])
        gradients[label][lane] = (gradients[label][lane] / sum - wanted) / Float(batchCount)
      }
      block.loss += Double(loss)
      if top == target { block.correct += 1 }
    }
  }
}
