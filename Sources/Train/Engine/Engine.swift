import Network

/// A network made ready for arithmetic: its parameters in one flat run, memory for a batch, and the
/// order of work.
///
/// A picture goes through as many layers as it can before the next one sets out: what a layer wrote is still near when
/// the next one reads it. Only a layer that must see the whole batch makes it wait.
final class Engine: @unchecked Sendable {
  /// What the memory is arranged for.
  enum Purpose {
    /// Forwards and backwards over batches, layers over each other's memory.
    case training
    /// Forwards only, a picture a thread; every layer's output stays readable.
    case inference
  }

  /// Work that a picture can do without waiting for the others, and the layer that then needs all of
  /// them.
  private struct Stretch: @unchecked Sendable {
    var steps: [Step] = []
    var batchLayer: (any BatchMath)?
  }

  /// A layer's arithmetic, and which layer it is.
  private struct Step: @unchecked Sendable {
    var index: Int
    var math: any LayerMath
  }

  let network: Network
  let layout: ParameterLayout
  /// All parameters; the trained ones first.
  let parameters: Memory<Float>
  /// The lower and the upper end of each range of activations, in the order of the graph's quantized layers.
  let ranges: Memory<Float>
  /// A batch's blocks; none for inference.
  let blocks: [Block]
  /// Which of them are this rank's, and what the others have to be told.
  let exchange: Exchange
  /// Each thread's picture for inference; none for training.
  let pictures: [Picture]
  let workers: Workers
  /// The value that holds the logits.
  let logits: Int
  /// The number of floats from a pixel of the picture to the next.
  let pictureStride: Int
  private let graph: Graph
  /// Puts weights on their grids, for a network that has any.
  let weightQuantizer: WeightQuantizer?
  private let rangeMeters: [FakeQuantizeMath]
  private let steps: [Step]
  private let stretches: [Stretch]
  private let backwardStretches: [Stretch]
  private let scratch: [Memory<Float>]
  private let accumulators: [Memory<Float>]
  private let purpose: Purpose
  /// Looked at after every layer of every picture; only with one worker.
  var stopwatch: Stopwatch?
  /// Shown what every layer makes of every picture.
  var probe: Probe?

  /// Creates an engine for batches of up to `batch` pictures, shared with the communicator's other ranks; `network` has
  /// all its parameters.
  init(
    _ network: Network, purpose: Purpose, batch: Int, workers: Workers,
    communicator: any Communicator = SingleProcess()
  ) {
    self.network = network
    self.purpose = purpose
    self.workers = workers
    let forTraining = purpose == .training
    let layout = ParameterLayout(network)
    self.layout = layout
    let parameters = Memory<Float>(count: layout.count.roundedUpToBorder)
    self.parameters = parameters
    layout.load(network.parameters, into: parameters.start)

    let graph = Graph(network)
    self.graph = graph
    logits = network.logits == 0 ? 0 : graph.value(of: network.logits - 1)
    let ranges = Memory<Float>(
      graph.quantizedLayers.flatMap { index in
        let range = network.quantization?.ranges[network.layers[index].name]
        return range.map { [$0.low, $0.high] } ?? []
      })
    self.ranges = ranges
    let quantizer = network.quantization.map {
      WeightQuantizer(
        $0, of: network, graph, layout, parameters: parameters.start, ranges: ranges.start)
    }
    weightQuantizer = quantizer
    pictureStride = graph.pictureStride
    let memory = MemoryLayoutPlan(network, graph, forTraining: forTraining)
    let compiler = LayerCompiler(
      network: network, graph: graph, layout: layout,
      parameters: quantizer?.quantized.start ?? parameters.start, fuses: forTraining,
      ranges: ranges.start)
    let compiled = compiler.compile()
    rangeMeters = compiled.layers.joined().compactMap { $0 as? FakeQuantizeMath }

    // In training the loss takes the logits.
    let unneeded = forTraining ? network.layersBehindLogits : []
    var stretches = [Stretch()]
    var backwardStretches = [Stretch()]
    let steps = compiled.layers.enumerated().flatMap { index, maths in
      unneeded.contains(index) ? [] : maths.map { Step(index: index, math: $0) }
    }
    for step in steps {
      if let batch = step.math as? any BatchMath, forTraining {
        stretches[stretches.count - 1].batchLayer = batch
        stretches.append(Stretch())
      }
      stretches[stretches.count - 1].steps.append(step)
    }
    for step in steps.reversed() where forTraining && graph.contributes[step.index] {
      if let batch = step.math as? any BatchMath {
        backwardStretches[backwardStretches.count - 1].batchLayer = batch
        backwardStretches.append(Stretch())
      }
      backwardStretches[backwardStretches.count - 1].steps.append(step)
    }
    self.steps = steps
    self.stretches = stretches
    self.backwardStretches = backwardStretches

    let waits = stretches.count > 1
    let blockCount = forTraining ? Self.blockCount(batch) : 0
    let exchange = Exchange(communicator, blocks: blockCount)
    self.exchange = exchange
    blocks = (0..<blockCount).map {
      exchange.share.contains($0)
        ? Block(
          index: $0, pictures: waits ? Block.capacity : 1, layout: memory,
          parameterCount: layout.trainedCount, sumCount: compiled.sumCount)
        : Block(elsewhere: $0, layout: memory, sumCount: compiled.sumCount)
    }
    pictures = forTraining ? [] : (0..<workers.count).map { _ in Picture(memory) }
    let scratchCount = steps.reduce(0) { max($0, $1.math.scratchCount) }
    scratch = (0..<workers.count).map { _ in Memory(count: scratchCount) }
    accumulators = (0..<workers.count).map { _ in
      Memory(count: forTraining ? compiled.accumulatorCount : 0)
    }
  }

  /// The number of blocks of so many pictures.
  private static func blockCount(_ pictures: Int) -> Int {
    (pictures + Block.capacity - 1) / Block.capacity
  }

  /// The blocks of so many pictures that are this rank's.
  private func ownBlocks(_ pictures: Int) -> ArraySlice<Block> {
    blocks[exchange.share.clamped(to: 0..<Self.blockCount(pictures))]
  }

  /// The value that readers of a layer see.
  func value(of layer: Int) -> Int { graph.value(of: layer) }

  /// The network with the parameters and ranges as they are now.
  var snapshot: Network { network(parameters) }

  /// The network with other parameters than the engine's, and the ranges as they are now.
  func network(_ parameters: Memory<Float>) -> Network {
    var network = network
    network.parameters = layout.tensors(parameters.start)
    for (place, layer) in graph.quantizedLayers.enumerated() {
      network.quantization?.ranges[network.layers[layer].name] = ActivationRange(
        ranges.start[2 * place], ranges.start[2 * place + 1])
    }
    return network
  }

  /// Runs one batch of `count` pictures forwards and, if there is a loss, backwards, this rank its own. `prepare` writes
  /// the values of the picture with a number in the batch, pixels `pictureStride` apart, and returns its label. Running
  /// statistics move towards the batch's by `statisticsShare` of the way.
  /// - Returns: the sum of the pictures' losses, and how many are right, of all ranks.
  @discardableResult
  func train(
    pictures count: Int, seed: UInt64, loss: Loss?, statisticsShare: Float = 0.1,
    prepare:
      @Sendable (_ index: Int, _ values: UnsafeMutablePointer<Float>, _ worker: Int) -> Int
  ) -> (loss: Double, correct: Int) {
    precondition(purpose == .training)
    let live = blocks[..<Self.blockCount(count)]
    let own = ownBlocks(count)
    for block in live {
      block.count = min(Block.capacity, count - block.index * Block.capacity)
      (block.loss, block.correct) = (0, 0)
    }
    settle()
    let (stopwatch, probe) = (stopwatch, probe)
    for (index, stretch) in stretches.enumerated() {
      let isLast = index == stretches.count - 1
      workers.run(own.count) { [self] job, worker in
        let block = own[own.startIndex + job]
        let context = context(worker, seed: seed)
        if isLast, loss != nil { clear(backwardStretches[0], context) }
        for position in 0..<block.count {
          let picture = block.picture(position)
          if index == 0 {
            picture.label = prepare(picture.index, picture.activations[0], worker)
          }
          stopwatch?.start()
          for step in stretch.steps {
            step.math.forward(picture, context)
            stopwatch?.note(forward: step.index)
            probe?.look(at: picture.activations[step.index + 1], of: step.index)
          }
          stretch.batchLayer?.observe(picture, of: block, context)
          guard isLast, let loss else { continue }
          loss.apply(picture, of: block, logits: logits)
          runBackward(backwardStretches[0], picture, block, context, stopwatch)
        }
        guard isLast, loss != nil else { return }
        for step in backwardStretches[0].steps { step.math.finish(block, context) }
      }
      if let layer = stretch.batchLayer {
        exchange.spread(layer.sums, of: live)
        layer.settle(live, share: statisticsShare)
      }
    }
    guard loss != nil else { return (0, 0) }
    settleGradient(backwardStretches[0], live)
    for stretch in backwardStretches.dropFirst() {
      workers.run(own.count) { [self] job, worker in
        let block = own[own.startIndex + job]
        let context = context(worker, seed: seed)
        clear(stretch, context)
        for position in 0..<block.count {
          runBackward(stretch, block.picture(position), block, context, stopwatch)
        }
        for step in stretch.steps { step.math.finish(block, context) }
      }
      settleGradient(stretch, live)
    }
    exchange.spread(blocks[0].results, of: live)
    return live.reduce((0, 0)) { ($0.0 + $1.loss, $0.1 + $1.correct) }
  }

  private func settleGradient(_ stretch: Stretch, _ live: ArraySlice<Block>) {
    guard let layer = stretch.batchLayer else { return }
    exchange.spread(layer.sums, of: live)
    layer.settleGradient(live)
  }

  private func context(_ worker: Int, seed: UInt64) -> Context {
    Context(
      scratch: scratch[worker].start, accumulators: accumulators[worker].start, seed: seed)
  }

  /// Sets the sums that a stretch's layers add to to zero.
  private func clear(_ stretch: Stretch, _ context: Context) {
    for step in stretch.steps {
      let range = step.math.accumulators
      (context.accumulators + range.lowerBound).update(repeating: 0, count: range.count)
    }
  }

  private func runBackward(
    _ stretch: Stretch, _ picture: Picture, _ block: Block, _ context: Context,
    _ stopwatch: Stopwatch?
  ) {
    stopwatch?.start()
    for step in stretch.steps {
      step.math.backward(picture, context)
      stopwatch?.note(backward: step.index)
    }
    stretch.batchLayer?.observeGradient(picture, of: block, context)
  }

  /// Adds up this rank's blocks' gradients by a range of parameters, in the order of the blocks, starting from 0 or, if it
  /// `continues`, from what is there; the range starts on a border and is rounded up to the next.
  func addGradients(
    pictures count: Int, _ range: Range<Int>, into total: UnsafeMutablePointer<Float>,
    continues: Bool = false
  ) {
    let own = ownBlocks(count)
    for index in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
      var sum = continues ? SIMD16<Float>(at: total + index) : .zero
      for block in own { sum += SIMD16(at: block.parameterGradients.start + index) }
      sum.store(to: total + index)
    }
  }

  /// Moves the ranges by `share` of the way to what a batch of `count` pictures reached.
  func moveRanges(pictures count: Int, share: Float) {
    let live = blocks[..<Self.blockCount(count)]
    for meter in rangeMeters {
      exchange.spread(meter.sums, of: live)
      meter.moveRange(to: live, share: share)
    }
  }

  /// Lets every layer see the parameters as they are now.
  private func settle() {
    weightQuantizer?.quantize(workers)
    workers.run(steps.count) { [self] job, _ in steps[job].math.settle() }
  }

  /// Makes ready for `infer`; to be called after the parameters changed.
  func settleForInference() {
    settle()
    for step in steps { (step.math as? any BatchMath)?.settleForInference() }
  }

  /// Runs a thread's picture forwards without looking at a batch.
  func infer(worker: Int) {
    precondition(purpose == .inference)
    let context = context(worker, seed: 0)
    for step in steps { step.math.forward(pictures[worker], context) }
  }
}
