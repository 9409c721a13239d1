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
  let gradients: UnsafeMutablePointer<Float>
  /// Adam's mean of the gradients, or the momentum's step.
  let first: UnsafeMutablePointer<Float>
  /// Adam's mean of their squares.
  let second: UnsafeMutablePointer<Float>
  let average: UnsafeMutablePointer<Float>
  private let decays: [Float]
  private let recipe: Recipe

  init(_ recipe: Recipe, _ layout: ParameterLayout, parameters: UnsafePointer<Float>) {
    self.recipe = recipe
    trainedCount = layout.trainedCount
    count = layout.count
    func allocate() -> UnsafeMutablePointer<Float> {
      let memory = UnsafeMutablePointer<Float>.allocate(capacity: max(layout.count, 1))
      memory.initialize(repeating: 0, count: max(layout.count, 1))
      return memory
    }
    gradients = allocate()
    first = allocate()
    second = allocate()
    average = allocate()
    average.update(from: parameters, count: layout.count)
    var decays = [Float](repeating: 0, count: layout.trainedCount)
    // Weights decay: what has more than one axis. Biases and batch norms have one.
    for entry in layout.entries where entry.shape.isTrained && entry.shape.shape.count > 1 {
      for index in entry.range { decays[index] = recipe.weightDecay }
    }
    self.decays = decays
  }

  deinit {
    gradients.deallocate()
    first.deallocate()
    second.deallocate()
    average.deallocate()
  }

  /// Takes one step along `gradients`; `step` counts from 0 over the whole run.
  func step(_ parameters: UnsafeMutablePointer<Float>, rate: Float, step: Int) {
    switch recipe.optimizer {
    case .adam: adam(parameters, rate: rate, step: step)
    case .sgd: momentum(parameters, rate: rate)
    }
    guard recipe.averageDecay > 0 else { return }
    // A young average forgets faster, so that it does not hang on to where it started.
    let decay = min(recipe.averageDecay, Float(step + 1) / Float(step + 10))
    for index in 0..<count { average[index] += (1 - decay) * (parameters[index] - average[index]) }
  }

  private func adam(_ parameters: UnsafeMutablePointer<Float>, rate: Float, step: Int) {
    let firstCorrection = 1 / (1 - pow(Self.firstDecay, Float(step + 1)))
    let secondCorrection = 1 / (1 - pow(Self.secondDecay, Float(step + 1)))
    for index in 0..<trainedCount {
      let gradient = gradients[index]
      first[index] += (1 - Self.firstDecay) * (gradient - first[index])
      second[index] += (1 - Self.secondDecay) * (gradient * gradient - second[index])
      let deviation = (second[index] * secondCorrection).squareRoot() + Self.epsilon
      let direction = first[index] * firstCorrection / deviation
      parameters[index] -= rate * (direction + decays[index] * parameters[index])
    }
  }

  private func momentum(_ parameters: UnsafeMutablePointer<Float>, rate: Float) {
    for index in 0..<trainedCount {
      first[index] = recipe.momentum * first[index] + gradients[index]
      parameters[index] -= rate * (first[index] + decays[index] * parameters[index])
    }
  }
}
