import Network

/// How well a network tells a dataset's labels apart.
public struct Evaluation: Sendable, Equatable {
  /// The number of pictures.
  public let count: Int
  /// `confusion[label][answer]`: how many pictures of a label got which answer. There are as many
  /// answers as the network tells labels apart.
  public let confusion: [[Int]]
  /// What the network says to each picture, in the dataset's order.
  public let answers: [Answer]

  /// Runs the network over a dataset. `threads` only changes how long it takes, and so does the number of the
  /// communicator's ranks, which all evaluate the same.
  /// - Throws: `TrainingError` where the pictures don't fit the network.
  public init(
    of network: Network, on dataset: Dataset, threads: Int,
    communicator: any Communicator = SingleProcess()
  ) throws(TrainingError) {
    try network.check(dataset)
    let labelCount = network.logitsShape.channels
    var answers = [Answer](repeating: .none, count: dataset.count)
    let parts = communicator.parts(of: dataset.count)
    let own = parts[communicator.rank]
    answers.withUnsafeMutableBufferPointer { buffer in
      let answers = AnswerSheet(buffer)
      let forward = Forward(network, threads: threads)
      let share = 16
      forward.run((own.count + share - 1) / share) { seat, job in
        let start = own.lowerBound + job * share
        for position in start..<min(start + share, own.upperBound) {
          forward.infer(dataset, at: position, in: seat)
          answers[position] = Answer(
            forward.logits(seat), labelCount: labelCount, right: dataset.label(at: position))
        }
      }
      let stride = MemoryLayout<Answer>.stride
      communicator.gather(
        UnsafeMutableRawBufferPointer(buffer),
        parts: parts.map { $0.lowerBound * stride..<$0.upperBound * stride })
    }
    var confusion = [[Int]](
      repeating: [Int](repeating: 0, count: labelCount), count: dataset.labelNames.count)
    for position in 0..<dataset.count {
      confusion[dataset.label(at: position)][answers[position].label] += 1
    }
    self.confusion = confusion
    self.answers = answers
    count = dataset.count
  }

  /// The number of right answers.
  public var correct: Int { confusion.indices.reduce(0) { $0 + confusion[$1][$1] } }

  /// The share of right answers.
  public var accuracy: Double { Double(correct) / Double(count) }

  /// The mean cross entropy over the pictures, in nats; not finite where a logit is not.
  public var loss: Double { answers.reduce(0) { $0 + Double($1.loss) } / Double(count) }
}

/// Where each job writes its own pictures' answers.
private struct AnswerSheet: @unchecked Sendable {
  private let answers: UnsafeMutableBufferPointer<Answer>

  init(_ answers: UnsafeMutableBufferPointer<Answer>) { self.answers = answers }

  subscript(position: Int) -> Answer {
    get { answers[position] }
    nonmutating set { answers[position] = newValue }
  }
}
