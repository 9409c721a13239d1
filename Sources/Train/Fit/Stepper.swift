import Foundation
import Network

/// Turns gradients into steps, and keeps the moments that takes and the moving average of the
/// parameters.
final class Stepper: @unchecked Sendable {
  private static let firstDecay: Float = 0.9
  private static let secondDecay: Float = 0.999
  private static let epsilon: Float = 1e-8

  /// The trained parameters come first; the average also covers what is only observed.
  let trainedCount: Int
  let count: Int
  let gradients: Memory<Float>
  /// Adam's mean of the gradients, or the momentum's step.
  let first: Memory<Float>
  /// Adam's mean of their squares.
  let second: Memory<Float>
  let average: Memory<Float>
  /// What each parameter decays by; 0 after the trained ones, whose vectors may reach over the border: with a gradient of
  /// 0 they stay as they are.
  private let decays: Memory<Float>
  /// The sum of the squares of each chunk's gradients.
  private let squares: Memory<Double>
  private let recipe: Recipe

  init(_ recipe: Recipe, _ layout: ParameterLayout, parameters: UnsafePointer<Float>) {
    self.recipe = recipe
    trainedCount = layout.trainedCount
    count = layout.count
    gradients = Memory(count: layout.count.roundedUpToBorder)
    first = Memory(count: layout.count.roundedUpToBorder)
    second = Memory(count: layout.count.roundedUpToBorder)
    average = Memory(count: layout.count.roundedUpToBorder)
    average.start.update(from: parameters, count: layout.count)
    decays = Memory(count: layout.count.roundedUpToBorder)
    squares = Memory(count: Self.chunks(of: layout.count))
    // Weights decay: what has more than one axis. Biases and batch norms have one.
    for entry in layout.entries where entry.shape.isTrained && entry.shape.shape.count > 1 {
      for index in entry.range { decays.start[index] = recipe.weightDecay }
    }
  }

  /// How much of the parameters is stepped at a time: their gradients stay near between being added up and being used.
  static let chunk = 2048

  private static func chunks(of count: Int) -> Int { (count + chunk - 1) / chunk }

  /// The number of chunks.
  var chunks: Int { Self.chunks(of: count) }

  /// The parameters of a chunk; and of them those that are trained.
  func range(_ chunk: Int) -> (all: Range<Int>, trained: Range<Int>) {
    let start = chunk * Self.chunk
    let end = min(start + Self.chunk, count)
    return (start..<end, start..<max(start, min(end, trainedCount)))
  }

  /// Whether gradients must be measured before a step can be taken along them.
  var clips: Bool { recipe.gradientClip > 0 }

  /// Adds to a chunk's gradients `weight` times what each parameter costs as it grows.
  func add(_ chunk: Int, prices: UnsafePointer<Float>, weight: Float) {
    Self.eachVector(range(chunk).trained) { index in
      (V(at: gradients.start + index) + weight * V(at: prices + index))
        .store(to: gradients.start + index)
    }
  }

  /// Sums the squares of a chunk's gradients, but of those where `mask` is 0, for `gradientScale`.
  func measure(_ chunk: Int, mask: UnsafePointer<Float>? = nil) {
    var sum = 0.0
    for index in range(chunk).trained where mask?[index] != 0 {
      sum += Double(gradients.start[index]) * Double(gradients.start[index])
    }
    squares.start[chunk] = sum
  }

  /// What the gradients are multiplied by so that their norm is within the recipe's bound; to be asked after every
  /// chunk was measured, which are added up in their order.
  var gradientScale: Float {
    let norm = (0..<chunks).reduce(0) { $0 + squares.start[$1] }.squareRoot()
    return norm > Double(recipe.gradientClip) ? Float(Double(recipe.gradientClip) / norm) : 1
  }

  /// Takes a chunk of one step along `gradients` times `scale`; `step` counts from 0 over the whole run. Where `mask` is 0
  /// parameters and their average become 0.
  func step(
    _ chunk: Int, _ parameters: UnsafeMutablePointer<Float>, rate: Float, step: Int,
    scale: Float = 1, mask: UnsafePointer<Float>? = nil
  ) {
    let range = range(chunk)
    switch recipe.optimizer {
    case .adam: adam(parameters, range.trained, rate: rate, step: step, scale: scale)
    case .sgd: momentum(parameters, range.trained, rate: rate, scale: scale)
    case .nesterov: nesterov(parameters, range.trained, rate: rate, scale: scale)
    }
    if recipe.averageDecay > 0 { average(parameters, range.all, step: step) }
    if let mask { prune(parameters, range.all, mask) }
  }

  private func average(
    _ parameters: UnsafePointer<Float>, _ range: Range<Int>, step: Int
  ) {
    // A young average forgets faster, so that it does not hang on to where it started.
    let decay = min(recipe.averageDecay, Float(step + 1) / Float(step + 10))
    Self.eachVector(range) { index in
      let value = V(at: average.start + index)
      (value + (1 - decay) * (V(at: parameters + index) - value)).store(to: average.start + index)
    }
  }

  private func prune(
    _ parameters: UnsafeMutablePointer<Float>, _ range: Range<Int>, _ mask: UnsafePointer<Float>
  ) {
    Self.eachVector(range) { index in
      for values in [parameters, average.start] {
        (V(at: values + index) * V(at: mask + index)).store(to: values + index)
      }
    }
  }

  private typealias V = SIMD16<Float>

  @inline(__always)
  private static func eachVector(_ range: Range<Int>, _ body: (_ index: Int) -> Void) {
    for index in stride(from: range.lowerBound, to: range.upperBound, by: V.scalarCount) {
      body(index)
    }
  }

  private func adam(
    _ parameters: UnsafeMutablePointer<Float>, _ range: Range<Int>, rate: Float, step: Int,
    scale: Float
  ) {
    let firstCorrection = 1 / (1 - pow(Self.firstDecay, Float(step + 1)))
    let secondCorrection = 1 / (1 - pow(Self.secondDecay, Float(step + 1)))
    Self.eachVector(range) { index in
      let gradient = scale * V(at: gradients.start + index)
      var first = V(at: self.first.start + index)
      var second = V(at: self.second.start + index)
      let parameter = V(at: parameters + index)
      first += (1 - Self.firstDecay) * (gradient - first)
      second += (1 - Self.secondDecay) * (gradient * gradient - second)
      let deviation = (second * secondCorrection).squareRoot() + Self.epsilon
      let direction = first * firstCorrection / deviation
      first.store(to: self.first.start + index)
      second.store(to: self.second.start + index)
      (parameter - rate * (direction + V(at: decays.start + index) * parameter))
        .store(to: parameters + index)
    }
  }

  private func momentum(
    _ parameters: UnsafeMutablePointer<Float>, _ range: Range<Int>, rate: Float, scale: Float
  ) {
    Self.eachVector(range) { index in
      let parameter = V(at: parameters + index)
      let gradient = scale * V(at: gradients.start + index)
      let speed = recipe.momentum * V(at: first.start + index) + gradient
      speed.store(to: first.start + index)
      (parameter - rate * (speed + V(at: decays.start + index) * parameter))
        .store(to: parameters + index)
    }
  }

  private func nesterov(
    _ parameters: UnsafeMutablePointer<Float>, _ range: Range<Int>, rate: Float, scale: Float
  ) {
    Self.eachVector(range) { index in
      let parameter = V(at: parameters + index)
      let gradient = scale * V(at: gradients.start + index)
      let speed = recipe.momentum * V(at: first.start + index) + gradient
      speed.store(to: first.start + index)
      let direction = gradient + recipe.momentum * speed
      (parameter - rate * (direction + V(at: decays.start + index) * parameter))
        .store(to: parameters + index)
    }
  }
}
