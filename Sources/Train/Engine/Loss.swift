import Foundation

/// The softmax of the logits and its cross entropy against what is wanted: the label, or a mix of labels, smoothed; and
/// how far it is from a teacher's (Hinton, Vinyals and Dean, 2015).
struct Loss: Sendable {
  /// The share of the target that is spread evenly over all labels.
  var labelSmoothing: Float
  /// The number of labels: the channels of the logits.
  var labelCount: Int
  /// The gradient is of the mean loss over this many pictures.
  var batchCount: Int
  /// What is wanted of each picture before smoothing, (batch, labels), each picture's sum 1; nil where it is the label
  /// alone.
  var mix: Memory<Float>?
  /// What a teacher says, and how much it counts.
  var lesson: Lesson?

  /// A teacher's answers to a batch.
  struct Lesson: Sendable {
    /// The softmax of the teacher's logits over the temperature, (batch, labels).
    var answers: Memory<Float>
    /// What logits are divided by, above 0.
    var temperature: Float
    /// How much the teacher counts against the label, in 0 ... 1.
    var weight: Float
  }

  /// Writes the logits' gradient, and adds to the block's loss and hits.
  func apply(_ picture: Picture, of block: Block, logits: Int) {
    let values = picture.activations[logits]
    let gradients = picture.gradients[logits]
    let first = picture.index * labelCount
    let spread = labelSmoothing / Float(labelCount)
    let ownWeight = 1 - (lesson?.weight ?? 0)
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
      let share = mix.map { $0.start[first + label] } ?? (label == picture.label ? 1 : 0)
      let wanted = spread + share * (1 - labelSmoothing)
      loss += ownWeight * wanted * (logSum - values[label])
      gradients[label] =
        ownWeight * (gradients[label] / sum - wanted) / Float(batchCount)
    }
    if let lesson {
      loss += lesson.apply(
        values, largest: largest, labelCount: labelCount, first: first,
        share: 1 / Float(batchCount),
        addingTo: gradients)
    }
    block.loss += Double(loss)
    if top == picture.label { block.correct += 1 }
  }
}

extension Loss.Lesson {
  /// Adds `share` of the gradient of one picture's loss: the divergence of the softened softmax from the teacher's times the
  /// temperature's square, which keeps gradients as large as the label's at any temperature.
  /// - Returns: the loss.
  fileprivate func apply(
    _ values: UnsafePointer<Float>, largest: Float, labelCount: Int, first: Int, share: Float,
    addingTo gradients: UnsafeMutablePointer<Float>
  ) -> Float {
    var sum: Float = 0
    for label in 0..<labelCount { sum += exp((values[label] - largest) / temperature) }
    let logSum = log(sum)
    var divergence: Float = 0
    for label in 0..<labelCount {
      let logarithm = (values[label] - largest) / temperature - logSum
      let answer = answers.start[first + label]
      if answer > 0 { divergence += answer * (log(answer) - logarithm) }
      gradients[label] += weight * temperature * (exp(logarithm) - answer) * share
    }
    return weight * temperature * temperature * divergence
  }
}
