import Network

/// What each layer of a network takes in training, on one thread, beside what the processor could do.
public struct TrainingProfile: Sendable {
  /// One layer; a rectifier that its batch norm does along is part of that.
  public struct Layer: Sendable {
    /// The layer's name.
    public let name: String
    /// Multiply-accumulates for one picture, forwards and backwards: as the layer is defined, however few are
    /// done.
    public let macs: (forward: Int, backward: Int)
    /// Seconds for one picture, forwards and backwards.
    public let seconds: (forward: Double, backward: Double)
  }

  /// In the network's order.
  public let layers: [Layer]
  /// Multiply-accumulates a second, the most that one thread did in registers alone.
  public let peak: Double
  /// Seconds for one picture, of whole steps: layers, loss, gradients added up, optimizer.
  public let seconds: Double

  /// Trains on noise, again and again for `seconds`, and keeps of the layers' times the least of the rounds.
  public init(of network: Network, batch: Int, seconds: Double) {
    let noise = Dataset.noise(shape: network.input, count: batch, seed: 1)
    let fresh = network.initialized(seed: 1)
    let engine = Engine(fresh, purpose: .training, batch: batch, workers: Workers(count: 1))
    var recipe = Recipe()
    recipe.learningRate = 0
    let stepper = Stepper(recipe, engine.layout, parameters: engine.parameters.start)
    let loader = LoaderPool([PictureLoader(shape: network.input, augmentation: Augmentation())])
    let stride = engine.pictureStride
    let loss = Loss(
      labelSmoothing: 0, labelCount: network.logitsShape.channels, batchCount: batch)
    let count = network.layers.count
    var least = (
      forward: [Double](repeating: .infinity, count: count),
      backward: [Double](repeating: .infinity, count: count)
    )
    var leastStep = Double.infinity
    var peak = 0.0
    let factors = Memory<Float>(count: 3 * V.scalarCount)
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var round = 0
    repeat {
      // The clock between layers costs something: whole steps are timed without it.
      let stopwatch = round % 2 == 0 ? Stopwatch(layers: count) : nil
      engine.stopwatch = stopwatch
      let step = clock.measure {
        engine.train(pictures: batch, seed: 1, loss: loss) { index, values, worker in
          noise.withPicture(at: index) {
            loader[worker].load($0, random: SplitMix(seed: 1), into: values, stride: stride)
          }
          return 0
        }
        for chunk in 0..<stepper.chunks {
          engine.addGradients(
            pictures: batch, stepper.range(chunk).trained, into: stepper.gradients.start)
          stepper.step(chunk, engine.parameters.start, rate: 0, step: round)
        }
      }
      round += 1
      if let stopwatch {
        for layer in 0..<count {
          let (forward, backward) = (stopwatch.forward[layer], stopwatch.backward[layer])
          least.forward[layer] = min(least.forward[layer], forward / .seconds(batch))
          least.backward[layer] = min(least.backward[layer], backward / .seconds(batch))
        }
      } else {
        leastStep = min(leastStep, step / .seconds(batch))
      }
      peak = max(peak, Self.measuredPeak(factors.start))
    } while clock.now < end || round < 2
    self.peak = peak
    self.seconds = leastStep
    layers = network.layers.enumerated().map { index, layer in
      let macs = layer.operation.kind.macs(
        inputs: network.inputShapes(of: layer), output: network.shapes[index])
      // The weights' gradient and, except by the picture, the input's.
      let isFirst = layer.inputs.allSatisfy { $0 == .picture }
      return Layer(
        name: layer.name, macs: (macs, isFirst ? macs : 2 * macs),
        seconds: (least.forward[index], least.backward[index]))
    }
  }

  /// Multiply-accumulates a second of twelve sums that don't wait for each other, of factors in `memory`, two vectors,
  /// behind which the sum of all goes.
  ///
  /// The compiler must not know the factors, nor that nobody looks at the sum: so this is no part of its caller.
  @inline(never)
  private static func measuredPeak(_ memory: UnsafeMutablePointer<Float>) -> Double {
    var (s0, s1, s2, s3, s4, s5) = (V.zero, V.zero, V.zero, V.zero, V.zero, V.zero)
    var (s6, s7, s8, s9, s10, s11) = (V.zero, V.zero, V.zero, V.zero, V.zero, V.zero)
    let rounds = 50_000
    // A closure would keep the sums in memory.
    let start = ContinuousClock.now
    for round in 0..<rounds {
      let x = V(repeating: memory[round & 15])
      let y = V(at: memory + V.scalarCount &* (round & 1))
      s0.accumulate(x, y)
      s1.accumulate(x, y)
      s2.accumulate(x, y)
      s3.accumulate(x, y)
      s4.accumulate(x, y)
      s5.accumulate(x, y)
      s6.accumulate(x, y)
      s7.accumulate(x, y)
      s8.accumulate(x, y)
      s9.accumulate(x, y)
      s10.accumulate(x, y)
      s11.accumulate(x, y)
    }
    let time = ContinuousClock.now - start
    let sum = s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11
    sum.store(to: memory + 2 * V.scalarCount)
    return Double(12 * rounds * V.scalarCount) / (time / .seconds(1))
  }

  private typealias V = SIMD16<Float>
}
