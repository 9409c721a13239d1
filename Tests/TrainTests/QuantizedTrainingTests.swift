import Foundation
import Network
import Testing

@testable import Train

@Suite struct QuantizedTrainingTests {
  /// The grids of `barNetworkText`, as the exporter places them.
  private static let quantization = Quantization(
    weights: [
      .init(
        layer: "conv1", grid: .int4, input: "input", output: "relu1", batchNorms: ["batchnorm1"]),
      .init(layer: "conv2", grid: .ternary, input: "relu1", output: "relu2"),
      .init(layer: "dense1", grid: .int8, input: "relu2", output: "dense1"),
    ],
    ranges: [
      "relu1": ActivationRange(0, 0), "relu2": ActivationRange(0, 0),
      "dense1": ActivationRange(0, 0),
    ])

  /// Half in float, half on grids.
  private static func recipe(epochs: Int = 4) -> Recipe {
    var recipe = TrainerTests.recipe(epochs: epochs)
    recipe.quantize = GridChoice(.int4)
    recipe.quantizeFrom = 0.5
    recipe.keep = .best
    return recipe
  }

  private func trainer(
    threads: Int = 1, recipe: Recipe = recipe(), from network: Network? = nil
  ) throws -> Trainer {
    Trainer(
      network: try network ?? Network(text: barNetworkText), recipe: recipe, seed: 1,
      threads: threads, quantization: Self.quantization)
  }

  /// Likes the first network best, each further one less, and refuses those after the last.
  private final class Fading: Judge {
    private(set) var judged: [Network] = []
    private let last: Int

    init(until last: Int = .max) { self.last = last }

    func verdict(on network: Network, with validation: Dataset) throws(TrainingError) -> Verdict {
      guard judged.count < last else { throw .notScored("too wide") }
      judged.append(network)
      return Verdict(correct: 50 - judged.count, byteCount: 0)
    }

    func size(of network: Network) throws(TrainingError) -> CodedSize {
      CodedSize(byteCount: 1, weightByteCount: 1, weightCount: 1, lengths: [:])
    }
  }

  @Test("a network learns on grids, from drawn weights and from trained ones")
  func learns() throws {
    let training = try barDataset(count: 200, seed: 1)
    let other = try barDataset(count: 100, seed: 2)
    let fresh = try trainer(recipe: Self.recipe(epochs: 8))
    #expect(try fresh.run(training: training, validation: other))
    var recipe = Self.recipe(epochs: 2)
    recipe.quantizeFrom = 0
    let tuned = try trainer(recipe: recipe, from: fresh.network)
    #expect(try tuned.run(training: training, validation: other))
    for network in [fresh.network, tuned.network] {
      #expect(try Evaluation(of: network, on: other, threads: 2).accuracy > 0.95)
      let quantization = try #require(network.quantization)
      #expect(quantization.weights == Self.quantization.weights)
      #expect(quantization.ranges.keys.sorted() == ["dense1", "relu1", "relu2"])
      #expect(quantization.ranges.values.allSatisfy { $0.high > 0 })
    }
    #expect(fresh.network != tuned.network)
  }

  @Test("any number of threads gives the same state, bit for bit", arguments: [2, 4])
  func threads(count: Int) throws {
    try SameRun.onThreads(count) { try trainer(threads: $0) }
  }

  @Test(
    "resumed from bytes, a run ends in the same state: in float, at the change, and on grids",
    arguments: [0, 1, 2, 3])
  func resume(after epochs: Int) throws {
    let state = try SameRun.resumed(after: epochs) {
      try trainer()
    } _: {
      try Trainer(
        resuming: $0, network: Network(text: barNetworkText), recipe: Self.recipe(), seed: 1,
        threads: 2, quantization: Self.quantization)
    }
    #expect((state.network.quantization != nil) == (epochs > 2))
  }

  @Test("the epoch that is kept is one on grids, as the judge says")
  func judged() throws {
    let dataset = try barDataset(count: 130, seed: 1)
    let validation = try barDataset(count: 60, seed: 3)
    let trainer = try trainer()
    let judge = Fading()
    trainer.judge = judge
    var accuracies: [Double?] = []
    try trainer.run(training: dataset, validation: validation) {
      if case .epoch(let epoch) = $0 { accuracies.append(epoch.validationAccuracy) }
      return .goOn
    }
    let judged = judge.judged
    #expect(judged.count == 2 && judged.allSatisfy { $0.quantization != nil })
    #expect(accuracies[2] == 49.0 / 60 && accuracies[3] == 48.0 / 60)
    #expect(trainer.state.best?.epoch == 3)
    #expect(trainer.network == judged[0])
  }

  @Test("what a judge throws ends the run")
  func judgeThrows() throws {
    let dataset = try barDataset(count: 80, seed: 1)
    let trainer = try trainer()
    trainer.judge = Fading(until: 0)
    #expect(throws: TrainingError.notScored("too wide")) {
      try trainer.run(training: dataset, validation: dataset)
    }
  }

  @Test("a recipe that quantizes needs to know where")
  func missing() throws {
    let trainer = Trainer(
      network: try Network(text: barNetworkText), recipe: Self.recipe(), seed: 1, threads: 1)
    #expect(throws: TrainingError.noQuantization) {
      try trainer.run(training: barDataset(count: 80, seed: 1))
    }
  }

  @Test("a state that began with other weights is refused")
  func otherStart() throws {
    let dataset = try barDataset(count: 80, seed: 1)
    let start = try Network(text: barNetworkText).initialized(seed: 4)
    let trainer = try trainer(from: start)
    try trainer.run(training: dataset)
    for other in [try Network(text: barNetworkText), start.initialized(seed: 5)] {
      let error = #expect(throws: TrainingError.self) {
        try Trainer(
          resuming: trainer.state, network: other, recipe: Self.recipe(), seed: 1, threads: 1,
          quantization: Self.quantization)
      }
      #expect("\(String(describing: error))".contains("network to begin with"))
    }
    _ = try Trainer(
      resuming: trainer.state, network: start, recipe: Self.recipe(), seed: 1, threads: 1,
      quantization: Self.quantization)
  }

  @Test("ranges rest in the second half on grids, and batch norms' statistics in all of it")
  func rests() throws {
    let dataset = try barDataset(count: 130, seed: 1)
    var recipe = Self.recipe(epochs: 5)
    recipe.quantizeFrom = 0.2
    recipe.averageDecay = 0
    recipe.keep = .last
    let trainer = try trainer(recipe: recipe)
    var networks: [Network] = []
    try trainer.run(training: dataset) {
      if case .epoch = $0 { networks.append(trainer.network) }
      return .goOn
    }
    let ranges = networks.map { $0.quantization?.ranges }
    #expect(ranges[0] == nil && ranges[1] != nil && ranges[1] != ranges[2])
    #expect(ranges[2] == ranges[3] && ranges[3] == ranges[4])
    let means = networks.map { $0.parameters["batchnorm1.running_mean"] }
    #expect(Set(means.map { $0?.values }).count == 1)
    #expect(
      networks[3].parameters["batchnorm1.weight"] != networks[4].parameters["batchnorm1.weight"])
  }

  @Test("a batch norm at rest has the gradients of the depthwise convolution that it is")
  func frozen() throws {
    let dataset = try sampleDataset(
      Shape(height: 5, width: 4, channels: 2), count: 19, labels: 3, seed: 6)
    func text(_ layer: String) -> String {
      "input 5x4x2\nconv 2 5\nnorm: \(layer)\nrelu\nconv 1 11 from=norm\ndense 3"
    }
    var network = try sampleNetwork(text("batchnorm"), seed: 5)
    network.quantization = Quantization(weights: [], ranges: [:])
    var other = try Network(text: text("depthwise 1"))
    other.parameters = network.parameters.filter { !$0.key.hasPrefix("norm.") }
    func values(_ name: String) -> [Float] { network.parameters["norm.\(name)"]!.values }
    let inverses = values("running_variance").map { 1 / ($0 + 1e-5).squareRoot() }
    let means = values("running_mean")
    let factors = zip(values("weight"), inverses).map(*)
    other.parameters["norm.weight"] = Tensor(shape: [1, 1, 5], values: factors)
    other.parameters["norm.bias"] = Tensor(
      shape: [5], values: (0..<5).map { values("bias")[$0] - means[$0] * factors[$0] })
    let (found, expected) = (gradients(network, dataset), gradients(other, dataset))
    for (name, values) in expected where name != "norm.weight" {
      for (one, two) in zip(try #require(found[name]), values) {
        #expect(abs(one - two) < 1e-5 + 1e-4 * abs(two), "\(name)")
      }
    }
    for channel in 0..<5 {
      let weight = try #require(expected["norm.weight"])[channel]
      let bias = try #require(expected["norm.bias"])[channel]
      let wanted = inverses[channel] * (weight - means[channel] * bias)
      #expect(abs(try #require(found["norm.weight"])[channel] - wanted) < 1e-5 + 1e-3 * abs(wanted))
    }
  }

  @Test("with fine grids and wide ranges gradients are nearly those in float")
  func straightThrough() throws {
    let dataset = try sampleDataset(
      Shape(height: 6, width: 5, channels: 1), count: 19, labels: 4, seed: 6)
    var network = try sampleNetwork(
      "input 6x5x1\nconv 3 4\nrelu\nconv 1 5\nadd conv2\navgpool 2\ndense 4", seed: 5)
    let expected = gradients(network, dataset)
    network.quantization = Quantization(
      weights: [
        .init(layer: "conv1", grid: .int8, input: "input", output: "relu1"),
        .init(layer: "conv2", grid: .int8, input: "relu1", output: "conv2"),
        .init(layer: "dense1", grid: .int8, input: "add1", output: "dense1"),
      ],
      ranges: [
        "relu1": ActivationRange(0, 3), "conv2": ActivationRange(-3, 3),
        "add1": ActivationRange(-6, 6), "dense1": ActivationRange(-6, 6),
      ])
    let found = gradients(network, dataset)
    for (name, values) in expected {
      let found = try #require(found[name])
      let norm = values.reduce(0) { $0 + $1 * $1 }
      let error = zip(values, found).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      #expect(error < 0.03 * norm && error > 0, "\(name): \(error) of \(norm)")
    }
    // A range that nothing reaches lets no gradient through.
    network.quantization?.ranges["relu1"] = ActivationRange(-1e-20, 1e-20)
    let stopped = gradients(network, dataset)
    #expect(try #require(stopped["dense1.bias"]).contains { $0 != 0 })
    #expect(try #require(stopped["conv1.bias"]).allSatisfy { abs($0) < 1e-6 })
  }

  /// One step's gradients by name.
  private func gradients(_ network: Network, _ dataset: Dataset) -> [String: [Float]] {
    let engine = Engine(
      network, purpose: .training, batch: dataset.count, workers: Workers(count: 2))
    let loss = Loss(
      labelSmoothing: 0, labelCount: network.logitsShape.channels, batchCount: dataset.count)
    let (channels, stride) = (dataset.shape.channels, engine.pictureStride)
    engine.train(pictures: dataset.count, seed: 1, loss: loss) { index, values, _ in
      for (place, value) in dataset.floats(at: index).enumerated() {
        values[place / channels * stride + place % channels] = value
      }
      return dataset.label(at: index)
    }
    let total = Memory<Float>(count: engine.layout.trainedCount.roundedUpToBorder)
    engine.addGradients(
      pictures: dataset.count, 0..<engine.layout.trainedCount, into: total.start)
    return Dictionary(
      uniqueKeysWithValues: engine.layout.entries.filter(\.shape.isTrained).map { entry in
        (entry.name, entry.range.map { total.start[$0] })
      })
  }
}
