import Foundation
import Network
import Testing

@testable import Train

@Suite struct TrainerTests {
  static func recipe(epochs: Int = 3) -> Recipe {
    var recipe = Recipe()
    recipe.epochs = epochs
    recipe.batch = 40
    recipe.learningRate = 0.02
    recipe.schedule = .oneCycle
    recipe.warmUp = 0.3
    recipe.weightDecay = 0.01
    recipe.labelSmoothing = 0.05
    recipe.averageDecay = 0.9
    recipe.augmentation.shift = 0.3
    recipe.augmentation.elastic = 0.2
    return recipe
  }

  private func trainer(
    seed: UInt64 = 1, threads: Int = 1, recipe: Recipe = recipe()
  ) throws -> Trainer {
    Trainer(
      network: try Network(text: barNetworkText), recipe: recipe, seed: seed, threads: threads)
  }

  @Test("a network learns", arguments: Recipe.Optimizer.allCases)
  func learns(optimizer: Recipe.Optimizer) throws {
    var recipe = Self.recipe(epochs: 6)
    recipe.optimizer = optimizer
    if optimizer != .adam { recipe.learningRate = 0.1 }
    let trainer = try trainer(recipe: recipe)
    let finished = try trainer.run(training: barDataset(count: 200, seed: 1))
    #expect(finished)
    let other = try barDataset(count: 100, seed: 2)
    #expect(try Evaluation(of: trainer.network, on: other, threads: 2).accuracy > 0.95)
  }

  @Test(
    "gradients pass through a dropout behind any layer",
    arguments: ["maxpool 2x2", "maxpool 2x2\nrelu", "avgpool 2x2", "softmax"])
  func dropoutBehind(layer: String) throws {
    let dataset = try barDataset(count: 80, seed: 1)
    let network = try Network(
      text: "input \(dataset.shape)\nconv 3x3 4\n\(layer)\ndropout 0.5\ndense 4")
    let trainer = Trainer(
      network: network, recipe: Self.recipe(epochs: 1), seed: 1, threads: 1)
    let before = trainer.state.network.parameters["conv1.weight"]
    try trainer.run(training: dataset)
    let after = try #require(trainer.state.network.parameters["conv1.weight"])
    // Weight decay alone would keep their proportions.
    let ratios = zip(after.values, try #require(before).values).map { $0 / $1 }
    let (least, most) = (try #require(ratios.min()), try #require(ratios.max()))
    #expect(most - least > 0.01)
  }

  @Test("a step into the void stops the run, even the last one")
  func diverges() throws {
    var recipe = Recipe()
    recipe.epochs = 1
    recipe.optimizer = .sgd
    recipe.learningRate = 1e38
    recipe.batch = 200
    let trainer = try trainer(recipe: recipe)
    let dataset = try barDataset(count: 200, seed: 1)
    do {
      try trainer.run(training: dataset)
      // Huge, but finite: then what they make is looked at.
      _ = try trainer.network.recordingActivations(of: dataset)
      Issue.record("it went on")
    } catch {
      switch error {
      case .notFinite, .activation: break
      default: Issue.record("\(error)")
      }
    }
  }

  @Test(
    "any number of threads gives the same weights, bit for bit", arguments: [2, 3, 4],
    [barNetworkText, tiledNetworkText])
  func threads(count: Int, text: String) throws {
    try SameRun.onThreads(count) {
      Trainer(
        network: try Network(text: text), recipe: Self.recipe(), seed: 1, threads: $0)
    }
  }

  @Test(
    "each part of a recipe changes the weights, and a seed gives them again",
    arguments: [
      "gradient_clip = 0.01", "erase = 1", "mixup = 0.5", "optimizer = nesterov",
      "label_smoothing = 0.3", "average_decay = 0.99", "weight_decay = 0.5", "momentum = 0.5",
    ])
  func parts(line: String) throws {
    let dataset = try barDataset(count: 80, seed: 1)
    var recipe = Recipe()
    recipe.epochs = 1
    recipe.batch = 20
    recipe.optimizer = .sgd
    recipe.learningRate = 0.1
    let changed = try Recipe(text: line, base: recipe)
    let networks = try [recipe, changed, changed].map { recipe in
      let trainer = try trainer(recipe: recipe)
      try trainer.run(training: dataset)
      return trainer.network
    }
    #expect(networks[0] != networks[1])
    #expect(networks[1] == networks[2])
  }

  @Test("the best epoch is kept: of the accuracies reported, the first of the highest")
  func best() throws {
    var recipe = Self.recipe(epochs: 8)
    recipe.keep = .best
    recipe.schedule = .constant
    // Too fast to end well.
    recipe.learningRate = 0.4
    recipe.averageDecay = 0
    let validation = try barDataset(count: 60, seed: 3)
    var last = recipe
    last.keep = .last
    for seed in UInt64(1)...3 {
      let (keeper, other) = (
        try trainer(seed: seed, recipe: recipe), try trainer(seed: seed, recipe: last)
      )
      var networks: [Network] = []
      var accuracies: [Double] = []
      for trainer in [keeper, other] {
        try trainer.run(training: barDataset(count: 130, seed: 1), validation: validation) {
          if case .epoch(let epoch) = $0, trainer === other {
            networks.append(other.network)
            accuracies.append(epoch.validationAccuracy ?? -1)
          }
          return .goOn
        }
      }
      let expected = try #require(accuracies.firstIndex(of: accuracies.max() ?? 0))
      let best = try #require(keeper.state.best)
      #expect(best.epoch == expected + 1 && best.accuracy == accuracies[expected])
      #expect(keeper.network == networks[expected])
      let again = try Evaluation(of: keeper.network, on: validation, threads: 1)
      #expect(again.correct == best.correct && again.count == best.count)
      #expect(other.state.best == nil)
    }
  }

  @Test("another seed gives other weights")
  func seeds() throws {
    let dataset = try barDataset(count: 80, seed: 1)
    let one = try trainer(seed: 1)
    let other = try trainer(seed: 2)
    try one.run(training: dataset)
    try other.run(training: dataset)
    #expect(one.network != other.network)
  }

  @Test("a run resumed from bytes ends in the weights of an unbroken one", arguments: [0, 1, 2])
  func resume(after epochs: Int) throws {
    try SameRun.resumed(after: epochs) {
      try trainer()
    } _: {
      try Trainer(
        resuming: $0, network: Network(text: barNetworkText), recipe: Self.recipe(), seed: 1,
        threads: 2)
    }
  }

  @Test("a state of another run is refused")
  func otherRuns() throws {
    let dataset = try barDataset(count: 80, seed: 1)
    let trainer = try trainer(recipe: Self.recipe(epochs: 1))
    try trainer.run(training: dataset)
    let state = trainer.state
    let network = try Network(text: barNetworkText)
    let recipe = Self.recipe(epochs: 1)
    #expect(throws: TrainingError.otherRun(what: "seed", expected: "2", found: "1")) {
      try Trainer(resuming: state, network: network, recipe: recipe, seed: 2, threads: 1)
    }
    #expect(
      throws: TrainingError.otherRun(
        what: "recipe", expected: "epochs = 2", found: "epochs = 1")
    ) {
      try Trainer(
        resuming: state, network: network, recipe: Self.recipe(epochs: 2), seed: 1, threads: 1)
    }
    let other = try Network(text: "input 6x5x1\ndense 4")
    #expect(
      throws: TrainingError.otherRun(
        what: "network", expected: "6x5x1 to 1x1x4 in 1 layers with 124 parameters",
        found: "6x5x1 to 1x1x4 in 7 layers with 313 parameters")
    ) {
      try Trainer(resuming: state, network: other, recipe: recipe, seed: 1, threads: 1)
    }
    let resumed = try Trainer(
      resuming: state, network: network, recipe: recipe, seed: 1, threads: 1)
    let fewer = try barDataset(count: 79, seed: 1)
    #expect(
      throws: TrainingError.otherRun(what: "number of pictures", expected: "79", found: "80")
    ) {
      try resumed.run(training: fewer)
    }
  }

  /// The error of a run on a network in which some layers' parameters are the multiples 1 to 7 of a value.
  private func error(
    _ text: String, rate: Float = 0.1, values: [String: Float]
  ) throws -> TrainingError? {
    var network = try sampleNetwork(text, seed: 1)
    for (name, parameter) in network.parameterShapes {
      guard let value = values[String(name.prefix { $0 != "." })] else { continue }
      network.parameters[name] = Tensor(
        shape: parameter.shape, values: (0..<parameter.count).map { value * Float($0 % 7 + 1) })
    }
    var recipe = Recipe()
    recipe.optimizer = .sgd
    recipe.learningRate = rate
    recipe.batch = 40
    let trainer = Trainer(network: network, recipe: recipe, seed: 1, threads: 2)
    let dataset = try barDataset(count: 130, seed: 1)
    return #expect(throws: TrainingError.self) { try trainer.run(training: dataset) }
  }

  @Test("a step that isn't finite is refused with the place where that began")
  func notFinite() throws {
    // Some 1e38 times pixels of up to 1: several of them are too much.
    let forwards = try error(
      "input 6x5x1\nconv 1 4\nbatchnorm\nconv 3 5\nrelu\ndense 4",
      values: ["conv1": 1, "conv2": 4e37])
    #expect(forwards == .notFinite(epoch: 1, batch: 1, .output(layer: "conv2")))
    // All values are 0; only the gradient grows, on its way back.
    let back = try error(
      "input 6x5x1\ndense 5 bias=no\ndense 6 bias=no\ndense 4 bias=no",
      values: ["dense1": 0, "dense2": 1e30, "dense3": 1e30])
    #expect(back == .notFinite(epoch: 1, batch: 1, .gradient(layer: "dense1")))
    // The gradient is small, and the rate isn't.
    let step = try error(
      "input 6x5x1\ndense 5\ndense 4", rate: 3e38, values: ["dense1": 1, "dense2": 0])
    #expect(step == .notFinite(epoch: 1, batch: 1, .parameters(layer: "dense2")))
    #expect(
      "\(try #require(back))"
        == "epoch 1, batch 1: the gradient by a parameter of layer dense1 is the first number that is "
        + "not finite; try a lower learning_rate, a longer warm_up or a gradient_clip")
  }

  @Test("progress counts batches and epochs, and leaves out the rest of a batch")
  func progress() throws {
    let dataset = try barDataset(count: 130, seed: 1)
    var batches: [[Int]] = []
    var epochs: [Int] = []
    try trainer().run(training: dataset, validation: dataset) { progress in
      switch progress {
      case .batch(let batch):
        batches.append([batch.epoch, batch.batch])
        #expect(batch.epochs == 3 && batch.batches == 3)
        #expect(batch.secondsLeft >= 0 && batch.picturesPerSecond > 0)
      case .epoch(let epoch):
        epochs.append(epoch.epoch)
        #expect(epoch.validationAccuracy != nil)
      }
      return .goOn
    }
    #expect(batches == (1...3).flatMap { epoch in (1...3).map { [epoch, $0] } })
    #expect(epochs == [1, 2, 3])
  }

  @Test("fewer pictures than a batch are one batch")
  func fewPictures() throws {
    let trainer = try trainer()
    #expect(try trainer.run(training: barDataset(count: 7, seed: 1)))
  }
}
