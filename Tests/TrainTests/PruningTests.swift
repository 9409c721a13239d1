import Network
import Testing

@testable import Train

@Suite struct PruningTests {
  /// Half of what the network could do without, gone after two of four epochs.
  private static func recipe(_ change: (inout Recipe) -> Void) -> Recipe {
    var recipe = TrainerTests.recipe(epochs: 4)
    recipe.pruneFrom = 0.1
    recipe.pruneUntil = 0.5
    recipe.keep = .best
    change(&recipe)
    return recipe
  }

  private static let weights = recipe { $0.sparsity = 0.5 }
  private static let channels = recipe { $0.channelSparsity = 0.5 }

  private func trainer(
    _ recipe: Recipe, threads: Int = 1, text: String = barNetworkText
  ) throws -> Trainer {
    Trainer(network: try Network(text: text), recipe: recipe, seed: 1, threads: threads)
  }

  @Test("nothing goes before the start, most of it soon after, and all of it by the end")
  func schedule() {
    var recipe = Recipe()
    recipe.epochs = 10
    recipe.pruneFrom = 0.2
    recipe.pruneUntil = 0.6
    let schedule = PruningSchedule(goal: 0.8, of: recipe, batches: 100)
    #expect(schedule.share(at: 0) == 0 && schedule.share(at: 200) == 0)
    // Half way an eighth is left to go.
    #expect(abs(schedule.share(at: 400) - 0.8 * 0.875) < 1e-7)
    #expect(schedule.share(at: 600) == schedule.goal && schedule.share(at: 999) == schedule.goal)
    let shares = (0..<1000).map { schedule.share(at: $0) }
    #expect(zip(shares, shares.dropFirst()).allSatisfy { $0 <= $1 })
    let looks = (0..<1000).filter { schedule.looks(at: $0, batch: $0 % 100) }
    #expect(looks.prefix(5) == [0, 32, 64, 96, 100] && looks.contains(600))
    // Where it begins and ends at once, all goes at once.
    recipe.pruneUntil = 0.2
    #expect(PruningSchedule(goal: 0.8, of: recipe, batches: 100).share(at: 200) == schedule.goal)
  }

  @Test("a run of few steps reaches its goal too", arguments: [1, 2, 17])
  func shortSchedule(steps: Int) {
    var recipe = Recipe()
    recipe.epochs = 1
    recipe.pruneUntil = 0.99
    for from in [Float(0), 0.98] {
      recipe.pruneFrom = from
      let schedule = PruningSchedule(goal: 0.5, of: recipe, batches: steps)
      #expect(schedule.share(at: steps - 1) == 0.5 && schedule.last < steps)
      #expect(schedule.looks(at: steps - 1, batch: steps - 1))
    }
  }

  @Test("a share of the channels is the nearest number of them", arguments: 1...9)
  func nearest(tenths: Int) throws {
    var recipe = TrainerTests.recipe(epochs: 1)
    recipe.channelSparsity = Float(tenths) / 10
    let network = try Network(text: "input 6x5x1\nconv 3 10\nrelu\ndense 4").initialized(seed: 1)
    let engine = Engine(network, purpose: .training, batch: 1, workers: Workers(count: 1))
    let pruner = try #require(try Pruner(recipe, network, engine.layout, batches: 4))
    pruner.look(at: engine.parameters.start, step: 3, batch: 3)
    #expect(pruner.share == Double(tenths) / 10)
  }

  @Test("a unit counts as much as its square among those that are not smaller")
  func magnitude() {
    // Scores: 1/15, 4/14, 1; and, a hundredth as large, 1/10, 1; the layer of zeros goes first.
    let squares: [[Double]] = [[1, 4, 10], [0.09, 0.01], [0]]
    let order = LayerAdaptiveMagnitude.smallest(6, ofLayers: squares)
    #expect(order == [5, 0, 4, 1, 2, 3])
    #expect(LayerAdaptiveMagnitude.smallest(2, ofLayers: squares) == [5, 0])
    #expect(LayerAdaptiveMagnitude.smallest(2, ofLayers: [[3, 3, 3]]).count == 2)
    #expect(LayerAdaptiveMagnitude.smallest(0, ofLayers: squares).isEmpty)
  }

  @Test("half of the weights are 0, in the averages too, and the network has learned")
  func sparsity() throws {
    let trainer = try trainer(Self.weights)
    var shares: [Double?] = []
    #expect(
      try trainer.run(
        training: barDataset(count: 400, seed: 1), validation: barDataset(count: 60, seed: 3)
      ) {
        if case .epoch(let epoch) = $0 { shares.append(epoch.prunedShare) }
        return .goOn
      })
    for network in [trainer.network, trainer.state.network] {
      let weights = network.parameterShapes.filter { $0.parameter.shape.count > 1 }
        .flatMap { network.parameters[$0.name]!.values }
      #expect(weights.count { $0 == 0 } == weights.count / 2)
      let others = network.parameterShapes.filter { $0.name.hasSuffix("norm1.weight") }
        .flatMap { network.parameters[$0.name]!.values }
      #expect(!others.isEmpty && others.allSatisfy { $0 != 0 })
    }
    // The first epoch begins before a tenth of all, and the third after half of it.
    #expect(shares.count == 4 && shares[0] == 0 && shares[2] == shares[3])
    #expect(shares[1]! > 0.2 && shares[1]! < 0.49 && shares[2]! > 0.49 && shares[2]! <= 0.5)
    // Epochs before that are not the result.
    #expect(try #require(trainer.state.best).epoch >= 3)
    let other = try barDataset(count: 100, seed: 2)
    #expect(try Evaluation(of: trainer.network, on: other, threads: 2).accuracy > 0.9)
  }

  @Test("half of the channels are taken out, and the network scores what was said")
  func channels() throws {
    let trainer = try trainer(Self.channels)
    let validation = try barDataset(count: 60, seed: 3)
    try trainer.run(training: barDataset(count: 400, seed: 1), validation: validation)
    let (network, whole) = (trainer.network, trainer.state.network)
    let units = ChannelGroups(whole).groups.count
    #expect(ChannelGroups(network).groups.count == units / 2)
    #expect(network.macs < whole.macs && network.parameterCount < whole.parameterCount)
    let accuracy = try Evaluation(of: network, on: validation, threads: 1).accuracy
    #expect(accuracy > 0.9 && accuracy == trainer.state.best?.accuracy)
    #expect(try trainer.accuracy(on: validation) == accuracy)
  }

  @Test("a layer keeps a channel and a weight, whatever the share")
  func last() throws {
    for change in [{ $0.sparsity = 0.999 }, { $0.channelSparsity = 0.999 }]
      as [(inout Recipe) -> Void]
    {
      let trainer = try trainer(Self.recipe(change))
      try trainer.run(training: barDataset(count: 80, seed: 1))
      let network = trainer.network
      #expect(network.shapes.allSatisfy { $0.channels > 0 })
      for (name, parameter) in network.parameterShapes where parameter.shape.count > 1 {
        #expect(try #require(network.parameters[name]).values.contains { $0 != 0 }, "\(name)")
      }
    }
  }

  @Test("a network whose channels all have to stay is refused")
  func nothing() throws {
    let trainer = try trainer(Self.channels, text: "input 6x5x1\ndense 4")
    #expect(throws: TrainingError.noChannels) {
      try trainer.run(training: barDataset(count: 80, seed: 1))
    }
  }

  @Test("any number of threads gives the same state, bit for bit", arguments: [2, 4])
  func threads(count: Int) throws {
    for recipe in [Self.weights, Self.channels] {
      try SameRun.onThreads(count) { try trainer(recipe, threads: $0) }
    }
  }

  @Test("any number of ranks gives one process's state", arguments: [2, 3])
  func ranks(count: Int) throws {
    for recipe in [Self.weights, Self.channels] {
      let run = { @Sendable (communicator: any Communicator) in
        let trainer = Trainer(
          network: try Network(text: barNetworkText), recipe: recipe, seed: 1, threads: 1,
          communicator: communicator)
        try trainer.run(
          training: barDataset(count: 130, seed: 1), validation: barDataset(count: 60, seed: 3))
        return trainer.state
      }
      let alone = try run(SingleProcess())
      #expect(try ThreadRanks.run(count, run).allSatisfy { $0 == alone })
    }
  }

  @Test("resumed from bytes, a run ends in the same state", arguments: [0, 1, 2, 3])
  func resume(after epochs: Int) throws {
    for recipe in [Self.weights, Self.channels] {
      try SameRun.resumed(after: epochs) {
        try trainer(recipe)
      } _: {
        try Trainer(
          resuming: $0, network: Network(text: barNetworkText), recipe: recipe, seed: 1, threads: 2)
      }
    }
  }

  @Test("a network that was pruned keeps its zeros where it goes on with the same share")
  func again() throws {
    let first = try trainer(Self.weights)
    try first.run(training: barDataset(count: 130, seed: 1))
    var recipe = Self.weights
    recipe.pruneFrom = 0
    recipe.pruneUntil = 0
    let second = Trainer(network: first.network, recipe: recipe, seed: 2, threads: 1)
    try second.run(training: barDataset(count: 130, seed: 1))
    for (name, parameter) in first.network.parameterShapes where parameter.shape.count > 1 {
      let pairs = zip(
        try #require(first.network.parameters[name]).values,
        try #require(second.network.parameters[name]).values)
      #expect(pairs.allSatisfy { ($0 == 0) == ($1 == 0) }, "\(name)")
      #expect(pairs.contains { $0 != $1 })
    }
  }
}
