import Foundation
import Network
import Testing

@testable import Train

/// Steps against their formulas in double, written out for one parameter at a time.
@Suite struct StepperTests {
  /// More parameters than a chunk, some of them only observed; the trained ones end inside a vector.
  private static let network = "input 1x1x300\nbatchnorm\ndense 11"
  private static let steps = 5
  private static let rate = 0.05

  /// A stepper with its parameters, and what they were at first.
  private struct Bench {
    let layout: ParameterLayout
    let parameters: Memory<Float>
    let stepper: Stepper
    let start: [Double]

    init(_ recipe: Recipe) throws {
      let network = try sampleNetwork(StepperTests.network, seed: 3)
      layout = ParameterLayout(network)
      parameters = Memory(count: layout.count.roundedUpToBorder)
      layout.load(network.parameters, into: parameters.start)
      stepper = Stepper(recipe, layout, parameters: parameters.start)
      start = (0..<layout.count).map { [parameters] in Double(parameters.start[$0]) }
    }

    /// The gradient by a parameter in a step.
    static func gradient(_ index: Int, _ step: Int) -> Float {
      var random = SplitMix(seed: 9, step, index)
      return random.symmetric(2)
    }

    /// Takes a step, clipped if the recipe says so.
    func take(_ step: Int, rate: Double = StepperTests.rate) {
      for index in 0..<layout.trainedCount {
        stepper.gradients.start[index] = Self.gradient(index, step)
      }
      for chunk in 0..<stepper.chunks { stepper.measure(chunk) }
      let scale = stepper.clips ? stepper.gradientScale : 1
      for chunk in 0..<stepper.chunks {
        stepper.step(chunk, parameters.start, rate: Float(rate), step: step, scale: scale)
      }
    }

    /// Whether a parameter is a weight: batch norms' parameters come first, then the dense layer's.
    func isWeight(_ index: Int) -> Bool {
      layout.entries.contains { $0.name == "dense1.weight" && $0.range.contains(index) }
    }

    /// Compares all parameters with `expected`.
    func expect(_ expected: (_ index: Int) -> Double) {
      let worst = (0..<layout.count).map { index -> Double in
        let expected = index < layout.trainedCount ? expected(index) : start[index]
        return abs(Double(parameters.start[index]) - expected)
      }.max()!
      #expect(worst < 2e-6)
    }
  }

  @Test("a gradient that is masked is no part of the norm")
  func maskedNorm() throws {
    var recipe = Recipe()
    recipe.gradientClip = 1
    let stepper = try Bench(recipe).stepper
    let mask = Memory<Float>(count: stepper.count.roundedUpToBorder)
    mask.start.update(repeating: 1, count: stepper.count)
    for index in 0..<stepper.trainedCount { stepper.gradients.start[index] = 0 }
    let (one, other) = (7, Stepper.chunk + 5)
    (stepper.gradients.start[one], stepper.gradients.start[other]) = (4, 3)
    func scale() -> Float {
      for chunk in 0..<stepper.chunks { stepper.measure(chunk, mask: mask.start) }
      return stepper.gradientScale
    }
    #expect(scale() == 1 / Float(5))
    mask.start[other] = 0
    #expect(scale() == 1 / Float(4))
  }

  @Test("Adam with its decay apart from the gradient", arguments: [0, 0.3])
  func adam(decay: Double) throws {
    var recipe = Recipe()
    recipe.weightDecay = Float(decay)
    let bench = try Bench(recipe)
    for step in 0..<Self.steps { bench.take(step) }
    bench.expect { index in
      var value = bench.start[index]
      for last in 0..<Self.steps {
        // Both means as the sums they stand for.
        let (mean, square) = (0...last).reduce((0.0, 0.0)) { sums, step in
          let gradient = Double(Bench.gradient(index, step))
          let age = Double(last - step)
          return (
            sums.0 + 0.1 * pow(0.9, age) * gradient,
            sums.1 + 0.001 * pow(0.999, age) * gradient * gradient
          )
        }
        let count = Double(last + 1)
        let direction =
          mean / (1 - pow(0.9, count)) / ((square / (1 - pow(0.999, count))).squareRoot() + 1e-8)
        value -= Self.rate * (direction + (bench.isWeight(index) ? decay : 0) * value)
      }
      return value
    }
  }

  @Test(
    "momentum is the sum of all gradients, each step's share of what was before",
    arguments: [Recipe.Optimizer.sgd, .nesterov], [0, 0.3])
  func momentum(optimizer: Recipe.Optimizer, decay: Double) throws {
    var recipe = Recipe()
    recipe.optimizer = optimizer
    recipe.momentum = 0.8
    recipe.weightDecay = Float(decay)
    let bench = try Bench(recipe)
    for step in 0..<Self.steps { bench.take(step) }
    bench.expect { index in
      var value = bench.start[index]
      for last in 0..<Self.steps {
        var direction = (0...last).reduce(0) {
          $0 + pow(0.8, Double(last - $1)) * Double(Bench.gradient(index, $1))
        }
        if optimizer == .nesterov {
          direction = Double(Bench.gradient(index, last)) + 0.8 * direction
        }
        value -= Self.rate * (direction + (bench.isWeight(index) ? decay : 0) * value)
      }
      return value
    }
  }

  @Test("on a parabola Nesterov's steps are those of the two-point form")
  func lookAhead() throws {
    // y(t + 1) = x(t) - rate * slope(x(t)); x(t + 1) = y(t + 1) + momentum * (y(t + 1) - y(t)); slope(x) = x.
    var recipe = Recipe()
    recipe.optimizer = .nesterov
    recipe.momentum = 0.9
    let bench = try Bench(recipe)
    let (rate, momentum) = (0.1, 0.9)
    var x = bench.start[0]
    var y = x
    for step in 0..<30 {
      bench.stepper.gradients.start[0] = bench.parameters.start[0]
      bench.stepper.step(0, bench.parameters.start, rate: Float(rate), step: step)
      let next = x - rate * x
      x = next + momentum * (next - y)
      y = next
      #expect(abs(Double(bench.parameters.start[0]) - x) < 1e-5)
    }
  }

  @Test("gradients longer than the bound keep their direction and get its length")
  func clipping() throws {
    var recipe = Recipe()
    recipe.optimizer = .sgd
    recipe.momentum = 0
    let norm = { (layout: ParameterLayout) in
      (0..<layout.trainedCount).reduce(0.0) { sum, index in
        let gradient = Double(Bench.gradient(index, 0))
        return sum + gradient * gradient
      }.squareRoot()
    }
    for bound in [0.5, 1e3] {
      recipe.gradientClip = Float(bound)
      let bench = try Bench(recipe)
      bench.take(0)
      let length = norm(bench.layout)
      #expect(length > 1 && length < 1e3)
      bench.expect {
        bench.start[$0] - Self.rate * Double(Bench.gradient($0, 0)) * min(1, bound / length)
      }
    }
  }

  @Test("the average is that of all parameters so far, the observed ones too, and young at first")
  func average() throws {
    var recipe = Recipe()
    recipe.averageDecay = 0.4
    let bench = try Bench(recipe)
    var expected = bench.start
    for step in 0..<Self.steps {
      for index in bench.layout.trainedCount..<bench.layout.count {
        bench.parameters.start[index] += 1
      }
      bench.take(step)
      let decay = min(0.4, Double(step + 1) / Double(step + 10))
      for index in expected.indices {
        expected[index] =
          decay * expected[index] + (1 - decay) * Double(bench.parameters.start[index])
      }
    }
    for index in expected.indices {
      #expect(abs(Double(bench.stepper.average.start[index]) - expected[index]) < 2e-6)
    }
  }
}
