import Foundation
import Network
import Testing

@testable import Train

@Suite struct ByteBudgetTests {
  /// Says that a file takes a byte for each number that is not 0 and four bytes more, and that zeros are free; but that a layer
  /// of less than 40 weights can't be compressed.
  private final class Counter: Judge {
    func verdict(on network: Network, with validation: Dataset) throws(TrainingError) -> Verdict {
      let evaluation = try Evaluation(of: network, on: validation, threads: 1)
      return Verdict(
        correct: evaluation.correct, byteCount: try size(of: network).byteCount)
    }

    func size(of network: Network) throws(TrainingError) -> CodedSize {
      let weights = network.quantization?.weights ?? []
      let numbers = weights.flatMap { weights -> [Int] in
        let values = network.parameters["\(weights.layer).weight"]!.values.map(Double.init)
        return weights.grid.quantized(values).numbers
      }
      let count = numbers.count { $0 != 0 }
      return CodedSize(
        byteCount: 4 + count, weightByteCount: count,
        weightCount: weights.reduce(0) {
          $0 + network.parameters["\($1.layer).weight"]!.values.count
        },
        lengths: Dictionary(
          uniqueKeysWithValues: weights.filter {
            network.parameters["\($0.layer).weight"]!.values.count >= 40
          }.map { ($0.layer, CodeLengths(zero: 0, one: 8, step: 0)) }))
    }
  }

  private static let text = "input 6x5x1\nconv 3 6\nrelu\ndense 4"

  private static let quantization = Quantization(
    weights: [
      .init(layer: "conv1", grid: .int4, input: "input", output: "relu1"),
      .init(layer: "dense1", grid: .int4, input: "relu1", output: "dense1"),
    ],
    ranges: ["relu1": ActivationRange(0, 0), "dense1": ActivationRange(0, 0)])

  /// The network has 54 + 288 weights.
  private static func recipe(epochs: Int = 4, budget: Int = 300) -> Recipe {
    var recipe = TrainerTests.recipe(epochs: epochs)
    recipe.quantize = GridChoice(.int4)
    recipe.quantizeFrom = 0.25
    recipe.byteBudget = budget
    return recipe
  }

  private func trainer(_ recipe: Recipe = recipe(), threads: Int = 1) throws -> Trainer {
    let trainer = Trainer(
      network: try Network(text: Self.text), recipe: recipe, seed: 1, threads: threads,
      quantization: Self.quantization)
    trainer.judge = Counter()
    return trainer
  }

  @Test("bits rise from 0 on, evenly between two numbers, alike for both signs")
  func bits() {
    let lengths = CodeLengths(zero: 1, one: 4, step: 0.5)
    #expect([0, 0.5, 1, 2, 3].map { lengths.bits(of: $0) } == [1, 2.5, 4, 4.5, 5])
    for number in [-2.5, -0.3, 0.7, 1.5, 9] {
      #expect(lengths.bits(of: number) == lengths.bits(of: -number))
      let rise = lengths.bits(of: number + 0.01) - lengths.bits(of: number - 0.01)
      #expect(abs(lengths.slope(at: number) - rise / 0.02) < 1e-9)
    }
    #expect(lengths.slope(at: 0) == 0)
  }

  @Test("the price follows the file, and less so a file that follows already")
  func price() {
    func size(_ count: Int) -> CodedSize {
      CodedSize(byteCount: 30 + count, weightByteCount: count, weightCount: 200, lengths: [:])
    }
    // What the budget leaves, less 3 %, is aimed at.
    let budget = 30 + 103
    func excess(at count: Int) -> Double { Double(count) / (0.97 * 103) }
    var price = BytePrice()
    price.follow(size(150), budget: budget)
    let start = price.value
    #expect(abs(start - 0.5 * (excess(at: 150) - 1)) < 1e-9)
    price.follow(size(150), budget: budget)
    #expect(abs(price.value / start - excess(at: 150).squareRoot()) < 1e-9)
    // Twelve looks later two hundredths less a look are a fifth less.
    let before = price.value
    price.follow(size(147), budget: budget)
    let step = excess(at: 147).squareRoot() * pow(0.98, 6)
    #expect(abs(price.value / before - step) < 1e-9)
    for _ in 0..<100 { price.follow(size(25), budget: budget) }
    #expect(price.value < start / 1000)
    #expect(BytePrice(price.value, byteCount: price.byteCount) == price)
    // What is within its budget from the start costs next to nothing.
    var small = BytePrice()
    small.follow(size(90), budget: budget)
    #expect(small.value == 0.01)
    // However far it is, and even if nothing is left: by the root of two, up to a bound.
    for budget in [30 + 10, 30, 1] {
      var far = BytePrice()
      far.follow(size(100), budget: budget)
      #expect(far.value == 0.5)
      far.follow(size(100), budget: budget)
      #expect(abs(far.value / 0.5 - 2.0.squareRoot()) < 1e-9)
      for _ in 0..<100 { far.follow(size(100), budget: budget) }
      #expect(BytePrice(far.value, byteCount: 100) == far && far.value < 100)
    }
    #expect(BytePrice(.nan, byteCount: 1) == nil && BytePrice(0, byteCount: 1) == nil)
    #expect(BytePrice(1, byteCount: 0) == nil && BytePrice(1, byteCount: nil) != nil)
  }

  @Test("what weights cost is the slope of their bits along all that changes numbers")
  func slope() throws {
    var network = try sampleNetwork(
      "input 5x4x2\nconv 3 3\nbatchnorm\ndepthwise 2\ndense 3", seed: 4)
    network.parameters["batchnorm1.weight"]?.values[1] = -0.7
    network.quantization = Quantization(
      weights: [
        .init(
          layer: "conv1", grid: .int4, input: "input", output: "batchnorm1",
          batchNorms: ["batchnorm1"]),
        .init(layer: "depthwise1", grid: .int8, input: "batchnorm1", output: "depthwise1"),
      ],
      ranges: [
        "batchnorm1": ActivationRange(-2, 3), "depthwise1": ActivationRange(-2, 3),
      ])
    let engine = Engine(network, purpose: .training, batch: 1, workers: Workers(count: 2))
    let quantizer = try #require(engine.weightQuantizer)
    let lengths = CodeLengths(zero: 1, one: 4, step: 0.5)
    quantizer.codeLengths = ["conv1": lengths, "depthwise1": lengths]
    quantizer.quantize(Workers(count: 2))
    let factors = try (0..<3).map {
      BatchNorm.factor(
        weight: try #require(network.parameters["batchnorm1.weight"]).values[$0],
        variance: try #require(network.parameters["batchnorm1.running_variance"]).values[$0])
    }
    for (index, grid, factors) in [(0, WeightGrid.int4, factors), (2, .int8, [1, 1, 1])] {
      let weights = try #require(ChannelWeights(index, of: network, engine.layout))
      for channel in 0..<3 {
        let places = (0..<weights.count).map { weights.place(channel, $0) }
        let factor = Double(factors[channel])
        let values = places.map { Double(engine.parameters.start[$0]) }
        let prices = places.map { Double(quantizer.prices.start[$0]) }
        let step = grid.fit(values.map { $0 * factor }).step
        let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        // Bits of a channel whose step grows with its norm.
        func bits(_ values: [Double]) -> Double {
          let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
          return values.reduce(0) { $0 + lengths.bits(of: $1 * factor / step * norm / length) }
        }
        for place in values.indices {
          let size = 1e-6
          var (above, below) = (values, values)
          above[place] += size
          below[place] -= size
          let rise = (bits(above) - bits(below)) / (2 * size)
          #expect(abs(rise - prices[place]) < 1e-3 * (1 + abs(rise)), "\(index) \(channel)")
        }
      }
    }
    // A layer whose code is gone costs nothing any more.
    quantizer.codeLengths = ["conv1": lengths]
    quantizer.quantize(Workers(count: 1))
    let depthwise = try #require(ChannelWeights(2, of: network, engine.layout))
    #expect(
      (0..<3).allSatisfy { channel in
        (0..<depthwise.count).allSatisfy {
          quantizer.prices.start[depthwise.place(channel, $0)] == 0
        }
      })
    // What has no code has no price.
    let bias = try #require(engine.layout.offset("conv1", "bias"))
    #expect((0..<3).allSatisfy { quantizer.prices.start[bias + $0] == 0 })
  }

  @Test("the file comes within its budget, and an epoch before that is not kept")
  func budget() throws {
    var recipe = Self.recipe(epochs: 24, budget: 200)
    recipe.keep = .best
    recipe.batch = 10
    let trainer = try trainer(recipe)
    var sizes: [Int?] = []
    try trainer.run(
      training: barDataset(count: 400, seed: 1), validation: barDataset(count: 60, seed: 3)
    ) {
      if case .epoch(let epoch) = $0 { sizes.append(epoch.byteCount) }
      return .goOn
    }
    // In float there is no file.
    #expect(sizes.prefix(6).allSatisfy { $0 == nil })
    #expect(try #require(sizes[6]) > 200)
    let best = try #require(trainer.state.best)
    #expect(try #require(sizes[best.epoch - 1]) <= 200)
    #expect(try Counter().size(of: trainer.network).byteCount <= 200)
    let other = try barDataset(count: 100, seed: 2)
    #expect(try Evaluation(of: trainer.network, on: other, threads: 2).accuracy > 0.9)
  }

  @Test("a budget needs somebody who knows the file")
  func noJudge() throws {
    let trainer = try trainer()
    trainer.judge = nil
    #expect(throws: TrainingError.noJudge) {
      try trainer.run(training: barDataset(count: 80, seed: 1))
    }
  }

  @Test("any number of threads gives the same state, bit for bit", arguments: [2, 4])
  func threads(count: Int) throws {
    try SameRun.onThreads(count) { try trainer(threads: $0) }
  }

  @Test("any number of ranks gives one process's state", arguments: [2, 3])
  func ranks(count: Int) throws {
    let run = { @Sendable (communicator: any Communicator) in
      let trainer = Trainer(
        network: try Network(text: Self.text), recipe: Self.recipe(), seed: 1, threads: 1,
        quantization: Self.quantization, communicator: communicator)
      trainer.judge = Counter()
      try trainer.run(
        training: barDataset(count: 130, seed: 1), validation: barDataset(count: 60, seed: 3))
      return trainer.state
    }
    let alone = try run(SingleProcess())
    #expect(try ThreadRanks.run(count, run).allSatisfy { $0 == alone })
  }

  @Test("resumed from bytes, a run ends in the same state", arguments: [0, 1, 2, 3])
  func resume(after epochs: Int) throws {
    let state = try SameRun.resumed(after: epochs) {
      try trainer()
    } _: {
      let trainer = try Trainer(
        resuming: $0, network: Network(text: Self.text), recipe: Self.recipe(), seed: 1, threads: 2,
        quantization: Self.quantization)
      trainer.judge = Counter()
      return trainer
    }
    #expect((state.bytePrice.byteCount == nil) == (epochs < 2))
  }

  @Test("so does one whose layers become too small to be compressed", arguments: [2, 3])
  func resumeSmaller(after epochs: Int) throws {
    var recipe = Self.recipe()
    recipe.channelSparsity = 0.5
    recipe.pruneUntil = 0.6
    let state = try SameRun.resumed(after: epochs) {
      try trainer(recipe)
    } _: {
      let trainer = try Trainer(
        resuming: $0, network: Network(text: Self.text), recipe: recipe, seed: 1, threads: 2,
        quantization: Self.quantization)
      trainer.judge = Counter()
      return trainer
    }
    let network = state.network.withoutZeroChannels
    #expect(network.parameters["conv1.weight"]!.values.count < 40)
  }
}
