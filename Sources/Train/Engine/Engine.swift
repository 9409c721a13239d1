import Network

/// A network made ready for arithmetic: its parameters in one flat run, memory for a batch, and the
/// order of work.
final class Engine: @unchecked Sendable {
  /// What the memory is arranged for.
  enum Purpose {
    /// Forwards and backwards, layers over each other's memory.
    case training
    /// Forwards only; every layer's output stays readable.
    case inference
  }

  /// Work that a block can do without waiting for the others, and the layer that then needs all of
  /// them.
  private struct Stretch: @unchecked Sendable {
    var layers: [any LayerMath] = []
    var batchLayer: (any BatchMath)?
  }

  let network: Network
  let layout: ParameterLayout
  /// All parameters; the trained ones first.
  let parameters: UnsafeMutablePointer<Float>
  let blocks: [Block]
  let workers: Workers
  /// The value that holds the logits.
  let logits: Int
  private let stretches: [Stretch]
  private let backwardStretches: [Stretch]
  private let scratch: [UnsafeMutablePointer<Lanes>]
  private let purpose: Purpose

  /// Creates an engine with room for `blocks` blocks of sixteen pictures; `network` has all its
  /// parameters.
  init(_ network: Network, purpose: Purpose, blocks blockCount: Int, workers: Workers) {
    self.network = network
    self.purpose = purpose
    self.workers = workers
    let forTraining = purpose == .training
    layout = ParameterLayout(network)
    parameters = .allocate(capacity: max(layout.count, 1))
    parameters.initialize(repeating: 0, count: max(layout.count, 1))
    layout.load(network.parameters, into: parameters)

    let graph = Graph(network)
    logits = network.logits
    let memory = MemoryLayoutPlan(network, graph, forTraining: forTraining)
    let compiler = LayerCompiler(
      network: network, graph: graph, layout: layout, parameters: parameters,
      fuses: forTraining)
    let compiled = compiler.compile()

    // In training the loss takes the logits.
    let unneeded = forTraining ? network.layersBehindLogits : []
    let layers = compiled.layers.enumerated().map { unneeded.contains($0) ? nil : $1 }
    var stretches = [Stretch()]
    var backwardStretches = [Stretch()]
    for case let math? in layers {
      if let batch = math as? any BatchMath, forTraining {
        stretches[stretches.count - 1].batchLayer = batch
        stretches.append(Stretch())
      }
      stretches[stretches.count - 1].layers.append(math)
    }
    for (index, math) in layers.enumerated().reversed() where graph.contributes[index] {
      guard let math, forTraining else { continue }
      if let batch = math as? any BatchMath {
        backwardStretches[backwardStretches.count - 1].batchLayer = batch
        backwardStretches.append(Stretch())
      }
      backwardStretches[backwardStretches.count - 1].layers.append(math)
    }
    self.stretches = stretches
    self.backwardStretches = backwardStretches

    let trainedCount = forTraining ? layout.trainedCount : 0
    blocks = (0..<blockCount).map {
      Block(
        index: $0, layout: memory, parameterCount: trainedCount, sumCount: compiled.sumCount)
    }
    let scratchCount = layers.reduce(1) { max($0, $1?.scratchCount ?? 0) }
    scratch = (0..<workers.count).map { _ in
      let memory = UnsafeMutablePointer<Lanes>.allocate(capacity: scratchCount)
      memory.initialize(repeating: .zero, count: scratchCount)
      return memory
    }
  }

  deinit {
    parameters.deallocate()
    for memory in scratch { memory.deallocate() }
  }

  /// The network with the parameters as they are now.
  var snapshot: Network {
    var network = network
    network.parameters = layout.tensors(parameters)
    return network
  }

  /// Runs one batch forwards and, if there is a loss, backwards. `prepare` fills a block: its
  /// pictures, labels and count. Running statistics move towards the batch's by `statisticsShare`
  /// of the way.
  /// - Returns: the sum of the pictures' losses, and how many are right.
  @discardableResult
  func train(
    blocks blockCount: Int, seed: UInt64, loss: Loss?, statisticsShare: Float = 0.1,
    prepare: @Sendable @escaping (Block, _ worker: Int) -> Void
  ) -> (loss: Double, correct: Int) {
    precondition(purpose == .training)
    let live = blocks[..<blockCount]
    for (index, stretch) in stretches.enumerated() {
      let isLast = index == stretches.count - 1
      workers.run(blockCount) { [self] job, worker in
        let block = blocks[job]
        let context = Context(scratch: scratch[worker], seed: seed)
        if index == 0 { prepare(block, worker) }
        for layer in stretch.layers { layer.forward(block, context) }
        stretch.batchLayer?.observe(block, context)
        guard isLast, let loss else { return }
        loss.apply(block, logits: logits)
        runBackward(backwardStretches[0], block, context)
      }
      stretch.batchLayer?.settle(live, share: statisticsShare)
    }
    guard loss != nil else { return (0, 0) }
    backwardStretches[0].batchLayer?.settleGradient(live)
    for stretch in backwardStretches.dropFirst() {
      workers.run(blockCount) { [self] job, worker in
        runBackward(stretch, blocks[job], Context(scratch: scratch[worker], seed: seed))
      }
      stretch.batchLayer?.settleGradient(live)
    }
    return live.reduce((0, 0)) { ($0.0 + $1.loss, $0.1 + $1.correct) }
  }

  private func runBackward(_ stretch: Stretch, _ block: Block, _ context: Context) {
    for layer in stretch.layers { layer.backward(block, context) }
    stretch.batchLayer?.observeGradient(block, context)
  }

  /// Adds up the blocks' gradients, in the order of the blocks.
  func addGradients(blocks blockCount: Int, into total: UnsafeMutablePointer<Float>) {
    for index in 0..<layout.trainedCount {
      var sum: Float = 0
      for block in 0..<blockCount { sum += blocks[block].parameterGradients[index] }
      total[index] = sum
    }
  }

  /// Makes ready for `infer`; to be called after the parameters changed.
  func settleForInference() {
    for stretch in stretches {
      for case let layer as any BatchMath in stretch.layers { layer.settleForInference() }
    }
  }

  /// Runs one block forwards without looking at the batch.
  func infer(_ block: Block, worker: Int) {
    precondition(purpose == .inference)
    let context = Context(scratch: scratch[worker], seed: 0)
    for stretch in stretches {
      for layer in stretch.layers { layer.forward(block, context) }
    }
  }
}
