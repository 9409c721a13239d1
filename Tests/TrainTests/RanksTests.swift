import Network
import Synchronization
import Testing

@testable import Train

/// Several ranks against one process.
@Suite struct RanksTests {
  /// What a run leaves: its state, the result, and what its epochs came to.
  private struct Trace: Equatable, Sendable {
    var state: [UInt8]
    var network: Network
    var epochs: [[Double]] = []
    var isFinished: Bool
  }

  /// More parameters than ranks pass on at a time.
  private static let largeNetwork = """
    input 6x5x1
    conv 3 30 padding=same
    batchnorm
    relu
    dense 50
    relu
    dense 4
    """

  private static func trace(
    _ trainer: Trainer, _ training: Dataset, validation: Dataset? = nil,
    answer: (TrainingProgress) -> TrainingAnswer = { _ in .goOn }
  ) throws -> Trace {
    var epochs: [[Double]] = []
    let isFinished = try trainer.run(training: training, validation: validation) { progress in
      if case .epoch(let epoch) = progress {
        epochs.append([epoch.loss, epoch.accuracy, epoch.validationAccuracy ?? -1])
      }
      return answer(progress)
    }
    return Trace(
      state: trainer.state.bytes, network: trainer.network, epochs: epochs, isFinished: isFinished)
  }

  @Test("a rank alone may ask for the accuracy of what all trained")
  func alone() throws {
    let training = try barDataset(count: 100, seed: 1)
    let validation = try barDataset(count: 31, seed: 3)
    let accuracies = try ThreadRanks.run(2) { communicator -> Double? in
      let trainer = Trainer(
        network: try Network(text: barNetworkText), recipe: TrainerTests.recipe(), seed: 1,
        threads: 1,
        communicator: communicator)
      try trainer.run(training: training)
      return communicator.rank == 0 ? try trainer.accuracy(on: validation) : nil
    }
    #expect(accuracies[0] != nil && accuracies[1] == nil)
  }

  @Test(
    "any number of ranks and threads gives one process's weights, bit for bit",
    arguments: [2, 3, 4, 5], [1, 2])
  func ranks(count: Int, threads: Int) throws {
    // 40 pictures a batch are two blocks and a half: of four ranks one has none. 250 leave a rest of an epoch.
    let training = try barDataset(count: 250, seed: 1)
    let validation = try barDataset(count: 61, seed: 3)
    for text in [barNetworkText, tiledNetworkText, Self.largeNetwork] {
      for (clip, decay, batch) in [(Float(0), Float(0), 40), (0.5, 0.9, 100)] {
        var recipe = TrainerTests.recipe()
        recipe.gradientClip = clip
        recipe.averageDecay = decay
        recipe.batch = batch
        let (network, fixed) = (try Network(text: text), recipe)
        let run = { @Sendable (threads: Int, communicator: any Communicator) in
          try Self.trace(
            Trainer(
              network: network, recipe: fixed, seed: 1, threads: threads,
              communicator: communicator), training, validation: validation)
        }
        let alone = try run(1, SingleProcess())
        #expect(alone.isFinished)
        let traces = try ThreadRanks.run(count) { try run(threads, $0) }
        #expect(traces.allSatisfy { $0 == alone })
      }
    }
  }

  @Test("fewer pictures than a batch", arguments: [2, 3])
  func fewPictures(count: Int) throws {
    let training = try barDataset(count: 20, seed: 1)
    let network = try Network(text: barNetworkText)
    let run = { @Sendable (communicator: any Communicator) in
      var recipe = TrainerTests.recipe()
      recipe.batch = 128
      return try Self.trace(
        Trainer(
          network: network, recipe: recipe, seed: 1, threads: 1, communicator: communicator),
        training)
    }
    let alone = try run(SingleProcess())
    #expect(try ThreadRanks.run(count, run).allSatisfy { $0 == alone })
  }

  @Test("one rank's wish stops all after the same step, and they resume to the same weights")
  func stop() throws {
    let training = try barDataset(count: 130, seed: 1)
    let network = try Network(text: barNetworkText)
    let stopped = try ThreadRanks.run(3) { communicator in
      let trainer = Trainer(
        network: network, recipe: TrainerTests.recipe(), seed: 1, threads: 1,
        communicator: communicator)
      var batches = 0
      return try Self.trace(trainer, training) { progress in
        guard case .batch(let batch) = progress else { return .goOn }
        batches += 1
        precondition(batches <= 5, "nobody goes on")
        return communicator.rank == 1 && batch.epoch == 2 && batch.batch == 2 ? .stop : .goOn
      }
    }
    #expect(stopped.allSatisfy { $0 == stopped[0] && !$0.isFinished && $0.epochs.count == 1 })
    let alone = Trainer(network: network, recipe: TrainerTests.recipe(), seed: 1, threads: 1)
    try alone.run(training: training)
    let states = try ThreadRanks.run(2) { communicator in
      let trainer = try Trainer(
        resuming: TrainingState(bytes: stopped[0].state), network: network,
        recipe: TrainerTests.recipe(), seed: 1, threads: 1, communicator: communicator)
      try trainer.run(training: training)
      return trainer.state
    }
    #expect(states.allSatisfy { $0 == alone.state })
  }

  @Test("weights that differ are noticed after the first epoch, by all ranks")
  func otherWeights() throws {
    let training = try barDataset(count: 80, seed: 1)
    let network = try Network(text: barNetworkText)
    let errors = try ThreadRanks.run(3) { communicator in
      let seed: UInt64 = communicator.rank == 2 ? 5 : 1
      let trainer = Trainer(
        network: network.initialized(seed: seed), recipe: TrainerTests.recipe(), seed: 1,
        threads: 1, communicator: communicator)
      return #expect(throws: TrainingError.self) { try trainer.run(training: training) }
    }
    #expect(errors == [TrainingError?](repeating: .otherWeights(rank: 2, epoch: 1), count: 3))
  }

  @Test("a step that isn't finite is the same error on all ranks", arguments: 2...4)
  func notFinite(count: Int) throws {
    let training = try barDataset(count: 120, seed: 1)
    var network = try sampleNetwork("input 6x5x1\nconv 1 4\nconv 1 5\ndense 4", seed: 1)
    for index in 0..<20 { network.parameters["conv2.weight"]?.values[index] = 3e38 }
    let spoiled = network
    let errors = try ThreadRanks.run(count) { communicator in
      let trainer = Trainer(
        network: spoiled, recipe: TrainerTests.recipe(), seed: 1, threads: 1,
        communicator: communicator)
      return #expect(throws: TrainingError.self) { try trainer.run(training: training) }
    }
    let expected = TrainingError.notFinite(epoch: 1, batch: 1, .output(layer: "conv2"))
    #expect(errors == [TrainingError?](repeating: expected, count: count))
  }

  @Test("parts cover everything in order, and no part is larger than the first")
  func parts() throws {
    for count in 1...5 {
      for total in 0...23 {
        let parts = try ThreadRanks.run(count) { $0.parts(of: total) }
        #expect(parts.allSatisfy { $0 == parts[0] })
        #expect(parts[0].flatMap { $0 } == Array(0..<total))
        #expect(parts[0].allSatisfy { $0.count <= parts[0][0].count })
        #expect(parts[0].allSatisfy { $0.count >= parts[0][0].count - 1 })
      }
    }
  }
}
