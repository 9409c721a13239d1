import Network

/// Fits a network to pictures. The same network, pictures, recipe and seed give the same weights,
/// bit for bit, on any number of threads and ranks, and in one go or resumed.
public final class Trainer {
  /// How the network is fitted.
  public let recipe: Recipe
  /// What everything random follows from.
  public let seed: UInt64
  /// What the run can be resumed from: how it was after the last full epoch.
  public private(set) var state: TrainingState
  /// Scores a network on grids by its model file; without one that is done as an `Evaluation` does, and a recipe can't have a
  /// byte budget.
  public var judge: (any Judge)?
  private var engine: Engine
  private let stepper: Stepper
  private let quantization: Quantization?
  private let workers: Workers
  private let teacher: Network?
  private let lesson: Loss.Lesson?
  private let loader: BatchLoader
  private let communicator: any Communicator
  /// While it runs, if the recipe prunes.
  private var pruner: Pruner?
  private var bytePrice: BytePrice
  /// What a bit of one weight adds to the loss.
  private var bitPrice: Float = 0

  /// Creates a trainer for a network, which gets fresh parameters from the seed if it has none.
  /// - Parameters:
  ///   - network: what is fitted, in float, whatever it was trained for before.
  ///   - recipe: how.
  ///   - seed: what everything random follows from.
  ///   - threads: only changes how long it takes.
  ///   - teacher: learned from as the recipe says.
  ///   - quantization: the grids that the recipe quantizes to, and where; its ranges are found anew.
  ///   - communicator: only changes how long it takes, too; each of its ranks has a trainer that begins in the same state.
  public convenience init(
    network: Network, recipe: Recipe, seed: UInt64, threads: Int, teacher: Network? = nil,
    quantization: Quantization? = nil, communicator: any Communicator = SingleProcess()
  ) {
    var start = network.hasParameters ? network : network.initialized(seed: seed)
    start.quantization = nil
    start.activations = [:]
    self.init(
      TrainingState(
        network: start, recipe: recipe, seed: seed, start: network.hasParameters ? network : nil,
        teacher: teacher),
      threads: threads, teacher: teacher, quantization: quantization, communicator: communicator)
  }

  /// Creates a trainer that goes on where `state` was made.
  /// - Throws: `TrainingError.otherRun` if that was with another network, recipe, seed or teacher, or began with other
  ///   parameters.
  public convenience init(
    resuming state: TrainingState, network: Network, recipe: Recipe, seed: UInt64, threads: Int,
    teacher: Network? = nil, quantization: Quantization? = nil,
    communicator: any Communicator = SingleProcess()
  ) throws(TrainingError) {
    try state.check(isOf: network, recipe, seed: seed, teacher: teacher)
    self.init(
      state, threads: threads, teacher: teacher, quantization: quantization,
      communicator: communicator)
  }

  private init(
    _ state: TrainingState, threads: Int, teacher network: Network?, quantization: Quantization?,
    communicator: any Communicator
  ) {
    self.state = state
    bytePrice = state.bytePrice
    self.quantization = quantization
    recipe = state.recipe
    seed = state.seed
    let workers = Workers(count: threads)
    self.workers = workers
    self.communicator = communicator
    engine = Engine(
      state.network, purpose: .training, batch: recipe.batch, workers: workers,
      communicator: communicator)
    stepper = Stepper(recipe, engine.layout, parameters: engine.parameters.start)
    state.restore(stepper, engine.layout)
    teacher = network
    let recipe = state.recipe
    let teacher = network.map {
      Teacher(
        $0, temperature: recipe.temperature, batch: recipe.batch, threads: workers.count)
    }
    lesson = teacher.map {
      Loss.Lesson(
        answers: $0.answers, temperature: recipe.temperature, weight: recipe.teacherWeight)
    }
    loader = BatchLoader(
      state.network, recipe, seed: state.seed, threads: workers.count,
      stride: engine.pictureStride, teacher: teacher)
  }

  /// The network as trained up to the last full epoch.
  public var network: Network { state.trained }

  /// The network after the last step, with averaged weights if the recipe averages.
  private var current: Network {
    engine.network(recipe.averageDecay > 0 ? stepper.average : engine.parameters)
  }

  private func trimmed(_ network: Network) -> Network {
    recipe.channelSparsity > 0 ? network.withoutZeroChannels : network
  }

  /// Trains until the recipe's last epoch, or until `progress` says stop.
  ///
  /// Each epoch goes over the pictures in an order of its own, in batches of equal size; a rest too
  /// small for a batch is left out. Where there are several ranks, all run with the same pictures, and stop together when
  /// one of them is told to.
  /// - Returns: whether it came to the end.
  /// - Throws: `TrainingError` where the pictures or the teacher don't fit the network or the state, the loss is no
  ///   number, or the ranks' weights differ; and what the judge throws.
  @discardableResult
  public func run(
    training: Dataset, validation: Dataset? = nil,
    progress: (TrainingProgress) -> TrainingAnswer = { _ in .goOn }
  ) throws(TrainingError) -> Bool {
    try engine.network.check(training)
    if let validation { try engine.network.check(validation) }
    try engine.network.check(teacher, recipe)
    if recipe.quantize != nil, quantization == nil { throw .noQuantization }
    if recipe.byteBudget > 0, judge == nil { throw .noJudge }
    if state.epoch > 0, state.pictureCount != training.count {
      throw .otherRun(
        what: "number of pictures", expected: "\(training.count)", found: "\(state.pictureCount)")
    }
    state.pictureCount = training.count
    let size = min(recipe.batch, training.count)
    let batches = training.count / size
    let schedule = Schedule(of: recipe, batches: batches)
    pruner = try Pruner(recipe, engine.network, engine.layout, batches: batches)
    for epoch in state.epoch..<max(recipe.epochs, state.epoch) {
      if epoch == recipe.firstQuantizedEpoch { try startQuantizing(training) }
      var meter = EpochMeter(
        epoch: epoch, epochs: recipe.epochs, batches: batches, batchSize: size)
      var order = SplitMix(seed: seed, RandomStream.order, epoch)
      let positions = order.permutation(training.count)
      for batch in 0..<batches {
        let sum = try step(
          training, positions[batch * size..<(batch + 1) * size], epoch: epoch, batch: batch,
          schedule: schedule, step: epoch * batches + batch)
        if rangesMove(epoch, batch, of: batches) {
          engine.moveRanges(pictures: size, share: Self.rangeShare)
        }
        meter.add(loss: sum.loss, correct: sum.correct)
        if stops(progress(.batch(meter.progress))) { return false }
      }
      // The loss is that of the weights before each step, so the last step's are looked at.
      if let place = stepper.firstNotFinite(
        engine.layout, parameters: engine.parameters.start, observed: true)
      {
        throw .notFinite(epoch: epoch + 1, batch: batches, place)
      }
      try checkRanks(epoch: epoch + 1)
      var report = meter.report
      if let validation {
        let score = try score(current, validation, with: communicator)
        report.validationAccuracy = Double(score.correct) / Double(validation.count)
        report.validationLoss = score.loss
        report.byteCount = recipe.byteBudget > 0 ? score.byteCount : nil
        if recipe.keep == .best, score.correct > state.best?.correct ?? -1,
          try isCandidate(current, step: (epoch + 1) * batches)
        {
          state.best = BestEpoch(
            epoch: epoch + 1, correct: score.correct, count: validation.count,
            parameters: current.parameters, quantization: current.quantization)
        }
      }
      report.prunedShare = pruner?.share
      state.record(
        epoch: epoch + 1, network: engine.snapshot, stepper: stepper, layout: engine.layout,
        bytePrice: bytePrice)
      if stops(progress(.epoch(report))) { return epoch + 1 == recipe.epochs }
    }
    return true
  }

  /// Whether any rank's listener wants to stop.
  private func stops(_ answer: TrainingAnswer) -> Bool {
    communicator.all(answer).contains(.stop)
  }

  /// Checks that all ranks have the same weights, which they don't where processors or libraries round differently.
  private func checkRanks(epoch: Int) throws(TrainingError) {
    guard communicator.count > 1 else { return }
    let fingerprints = communicator.all(engine.snapshot.fingerprint)
    if let other = fingerprints.firstIndex(where: { $0 != fingerprints[0] }) {
      throw .otherWeights(rank: other, epoch: epoch)
    }
  }

  /// The share of validation pictures that `network` is right on. A rank works that out alone.
  public func accuracy(on validation: Dataset) throws(TrainingError) -> Double {
    let correct = try score(network, validation, with: SingleProcess()).correct
    return Double(correct) / Double(validation.count)
  }

  /// What a network came to: a judge knows no loss, and nobody else the file.
  private struct Score {
    var correct: Int
    var loss: Double?
    var byteCount: Int?
  }

  private func score(
    _ network: Network, _ validation: Dataset, with communicator: any Communicator
  ) throws(TrainingError) -> Score {
    let network = trimmed(network)
    if let judge, network.quantization != nil {
      let verdict = try judge.verdict(on: network, with: validation)
      return Score(correct: verdict.correct, byteCount: verdict.byteCount)
    }
    let evaluation = try Evaluation(
      of: network, on: validation, threads: workers.count, communicator: communicator)
    return Score(correct: evaluation.correct, loss: evaluation.loss)
  }

  /// Whether an epoch that ended before a step is what the recipe wants: on its grids, pruned, within its budget.
  private func isCandidate(_ network: Network, step: Int) throws(TrainingError) -> Bool {
    if recipe.quantize != nil, engine.network.quantization == nil { return false }
    if let pruner, !pruner.isDone(before: step) { return false }
    guard recipe.byteBudget > 0, let judge else { return true }
    return try judge.size(of: trimmed(network)).byteCount <= recipe.byteBudget
  }

  /// A batch's share of the ranges' moving average.
  private static let rangeShare: Float = 0.01

  /// Whether ranges follow a batch: in the first half of the steps on grids, so that weights learn to live with the last.
  private func rangesMove(_ epoch: Int, _ batch: Int, of batches: Int) -> Bool {
    guard let first = recipe.firstQuantizedEpoch, epoch >= first else { return false }
    return 2 * ((epoch - first) * batches + batch) < (recipe.epochs - first) * batches
  }

  /// Puts the network on grids: batch norms rest from here, and ranges begin with those of pictures that weren't varied.
  private func startQuantizing(_ training: Dataset) throws(TrainingError) {
    guard var quantization else { return }
    var network = engine.snapshot
    network.quantization = Quantization(weights: quantization.weights, ranges: [:])
    let observed = try network.recordingActivations(of: training).activations
    for layer in quantization.ranges.keys {
      guard let seen = observed[layer] else { continue }
      quantization.ranges[layer] = ActivationRange(seen.minimum, seen.maximum)
    }
    network.quantization = quantization
    engine = Engine(
      network, purpose: .training, batch: recipe.batch, workers: workers,
      communicator: communicator)
  }

  private func step(
    _ dataset: Dataset, _ positions: ArraySlice<Int32>, epoch: Int, batch: Int,
    schedule: Schedule, step: Int
  ) throws(TrainingError) -> (loss: Double, correct: Int) {
    let loss = Loss(
      labelSmoothing: recipe.labelSmoothing, labelCount: engine.network.logitsShape.channels,
      batchCount: positions.count, mix: loader.mix, lesson: lesson)
    var random = SplitMix(seed: seed, RandomStream.batch, epoch, batch)
    let pictures = BatchLoader.Batch(dataset: dataset, positions: positions, epoch: epoch)
    let batchSeed = random.next()
    lookAtSize(batch: batch)
    let train = { [engine, loader] (loss: Loss?) in
      engine.train(pictures: positions.count, seed: batchSeed, loss: loss) {
        index, values, worker in
        loader.load(index, of: pictures, into: values, worker: worker)
      }
    }
    let sum = train(loss)
    guard sum.loss.isFinite else {
      // The step before may have spoiled the weights; it was of this epoch, at whose start they were looked at.
      if let place = stepper.firstNotFinite(engine.layout, parameters: engine.parameters.start) {
        throw .notFinite(epoch: epoch + 1, batch: batch, place)
      }
      throw .notFinite(epoch: epoch + 1, batch: batch + 1, firstOutput { _ = train(nil) })
    }
    pruner?.look(at: engine.parameters.start, step: step, batch: batch)
    takeStep(pictures: positions.count, rate: schedule.rate(at: step), step: step)
    return sum
  }

  /// Batches from one look at the file's size to the next, the first of an epoch among them.
  private static let sizeInterval = 32

  /// Lets the price of a byte follow the file that there is now, if it is time to. Where there can be none, as of weights that a
  /// step has spoiled, that is told of when the next one is taken or the epoch is scored.
  private func lookAtSize(batch: Int) {
    guard recipe.byteBudget > 0, batch % Self.sizeInterval == 0, let judge,
      let quantizer = engine.weightQuantizer
    else { return }
    bitPrice = 0
    guard stepper.firstNotFinite(engine.layout, parameters: engine.parameters.start) == nil,
      let size = try? judge.size(of: trimmed(current))
    else { return }
    bytePrice.follow(size, budget: recipe.byteBudget)
    bitPrice = Float(bytePrice.value / Double(size.weightCount))
    quantizer.codeLengths = size.lengths
  }

  /// The first layer whose output is not finite when `forward` runs a batch again, whichever rank has the picture.
  private func firstOutput(_ forward: () -> Void) -> NotFinite {
    let probe = Probe(engine.network)
    engine.probe = probe
    forward()
    engine.probe = nil
    let layers = communicator.all(Int64(probe.layer ?? .max))
    let first = layers.min().flatMap { $0 == .max ? nil : Int($0) }
    return first.map { .output(layer: engine.network.layers[$0].name) } ?? .loss
  }

  private func takeStep(pictures: Int, rate: Float, step: Int) {
    let isShared = engine.exchange.isNeeded
    if isShared { addAllGradients(pictures: pictures) }
    let quantizer = recipe.byteBudget > 0 ? engine.weightQuantizer : nil
    let add: @Sendable (Int) -> Void = { [engine, stepper, bitPrice] chunk in
      if !isShared {
        engine.addGradients(
          pictures: pictures, stepper.range(chunk).trained, into: stepper.gradients.start)
      }
      if let quantizer { stepper.add(chunk, prices: quantizer.prices.start, weight: bitPrice) }
    }
    let move: @Sendable (Int, Float) -> Void = { [engine, stepper, mask = pruner?.mask] in
      stepper.step(
        $0, engine.parameters.start, rate: rate, step: step, scale: $1, mask: mask?.start)
    }
    guard stepper.clips else {
      return workers.run(stepper.chunks) { chunk, _ in
        add(chunk)
        move(chunk, 1)
      }
    }
    workers.run(stepper.chunks) { [stepper, mask = pruner?.mask] chunk, _ in
      add(chunk)
      stepper.measure(chunk, mask: mask?.start)
    }
    let scale = stepper.gradientScale
    workers.run(stepper.chunks) { chunk, _ in move(chunk, scale) }
  }

  /// Adds up the gradients of all ranks.
  private func addAllGradients(pictures: Int) {
    engine.exchange.sum(stepper.gradients.start, count: stepper.trainedCount) { range in
      let chunk = Stepper.chunk
      let count = (range.count + chunk - 1) / chunk
      workers.run(count) { [engine, stepper] job, _ in
        let start = range.lowerBound + job * chunk
        engine.addGradients(
          pictures: pictures, start..<min(start + chunk, range.upperBound),
          into: stepper.gradients.start, continues: true)
      }
    }
  }
}

extension Network {
  /// Whether it was given values.
  var hasParameters: Bool { !parameters.isEmpty }
}
