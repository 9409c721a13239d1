import Network

/// Why a network can't be fitted or evaluated. The description is one line.
public enum TrainingError: Error, Hashable, Sendable {
  /// The pictures don't have the network's input shape.
  case pictureShape(expected: Shape, found: Shape)
  /// The output is not one value a label: it has height or width.
  case outputShape(Shape)
  /// There are more labels than outputs.
  case labelCount(outputs: Int, labels: Int)
  /// The recipe learns from a teacher, and there is none.
  case noTeacher
  /// The teacher takes pictures of another shape.
  case teacherShape(expected: Shape, found: Shape)
  /// The teacher tells another number of labels apart.
  case teacherLabels(expected: Int, found: Int)
  /// The recipe quantizes, and it wasn't said where the network is put on grids.
  case noQuantization
  /// The recipe has a byte budget, and nobody can say how large the file is.
  case noJudge
  /// The recipe takes channels out, and all have to stay.
  case noChannels
  /// The network as trained so far couldn't be scored: why.
  case notScored(String)
  /// A step came to a number that is not finite, in this place first; epochs and batches count from 1.
  case notFinite(epoch: Int, batch: Int, NotFinite)
  /// A layer's output that is not a number, in a network that was trained or read.
  case activation(layer: String)
  /// A state to resume from was made otherwise: with another network, recipe, seed, teacher or
  /// number of pictures.
  case otherRun(what: String, expected: String, found: String)
  /// A rank's weights are not those of rank 0 after an epoch, counted from 1.
  case otherWeights(rank: Int, epoch: Int)
}

extension TrainingError: CustomStringConvertible {
  /// One line for people.
  public var description: String {
    switch self {
    case .pictureShape(let expected, let found):
      "the network takes pictures of \(expected), found \(found)"
    case .outputShape(let shape):
      "the output must be 1x1xLABELS to be trained, found \(shape)"
    case .labelCount(let outputs, let labels):
      "the network tells \(outputs) labels apart, found \(labels)"
    case .noTeacher:
      "the recipe has a teacher, and none was given"
    case .teacherShape(let expected, let found):
      "the teacher takes pictures of \(found), the network of \(expected)"
    case .teacherLabels(let expected, let found):
      "the teacher tells \(found) labels apart, the network \(expected)"
    case .noQuantization:
      "the recipe quantizes, and it wasn't said where the network is put on grids"
    case .noJudge:
      "the recipe has a byte budget, and nobody was given who knows how large the file is"
    case .noChannels:
      "the recipe takes channels out, and the network has none that can go: between two layers with weights"
    case .notScored(let reason):
      "the network as trained so far can't be scored: \(reason)"
    case .notFinite(let epoch, let batch, let place):
      "epoch \(epoch), batch \(batch): \(place) is the first number that is not finite; try a lower "
        + "learning_rate, a longer warm_up or a gradient_clip"
    case .activation(let layer):
      "layer \(layer) gives values that are not numbers; its weights are too large, try a lower "
        + "learning_rate"
    case .otherRun(let what, let expected, let found):
      "the state to resume from has another \(what): expected \(expected), found \(found)"
    case .otherWeights(let rank, let epoch):
      "rank \(rank) has other weights than rank 0 after epoch \(epoch); all ranks need processors and "
        + "system libraries that compute alike"
    }
  }
}

extension Network {
  /// Checks that the network can learn from a teacher, and has one if the recipe says so.
  func check(_ teacher: Network?, _ recipe: Recipe) throws(TrainingError) {
    guard let teacher else {
      if recipe.teacher.isEmpty { return }
      throw .noTeacher
    }
    guard teacher.input == input else {
      throw .teacherShape(expected: input, found: teacher.input)
    }
    guard teacher.logitsShape == logitsShape else {
      throw .teacherLabels(
        expected: logitsShape.channels, found: teacher.logitsShape.channels)
    }
  }

  /// Checks that the network can tell apart a dataset's labels.
  func check(_ dataset: Dataset) throws(TrainingError) {
    guard dataset.shape == input else {
      throw .pictureShape(expected: input, found: dataset.shape)
    }
    guard output.height == 1, output.width == 1 else { throw .outputShape(output) }
    guard dataset.labelNames.count <= logitsShape.channels else {
      throw .labelCount(outputs: logitsShape.channels, labels: dataset.labelNames.count)
    }
  }
}
