import Foundation

/// The learning rate over a run.
public struct Schedule: Hashable, Sendable {
  /// How the rate goes on after the warm-up.
  public enum Shape: String, Sendable, CaseIterable {
    /// Stays.
    case constant
    /// Falls to 0 along half a cosine.
    case cosine
    /// Rises from a 25th along half a cosine, then falls to a 10,000th the same way (Smith and
    /// Topin, 2018).
    case oneCycle = "one-cycle"
  }

  /// How the rate goes on after the warm-up.
  public var shape: Shape
  /// The highest rate.
  public var peak: Float
  /// The share of the steps over which the rate rises.
  public var warmUp: Float
  /// The number of steps of the run.
  public var steps: Int

  /// Creates a schedule.
  public init(shape: Shape, peak: Float, warmUp: Float, steps: Int) {
    self.shape = shape
    self.peak = peak
    self.warmUp = warmUp
    self.steps = steps
  }

  /// The schedule of a run.
  /// - Parameters:
  ///   - recipe: what is run.
  ///   - batches: the steps of an epoch.
  public init(of recipe: Recipe, batches: Int) {
    self.init(
      shape: recipe.schedule, peak: recipe.learningRate, warmUp: recipe.warmUp,
      steps: batches * recipe.epochs)
  }

  /// The rate of a step, in 0 ..< `steps`.
  public func rate(at step: Int) -> Float {
    let rising = warmUp * Float(steps)
    let position = Float(step)
    if position < rising {
      let share = position / rising
      switch shape {
      case .oneCycle: return peak * Self.blend(from: 0.04, to: 1, share)
      case .constant, .cosine: return peak * (position + 1) / (rising + 1)
      }
    }
    let falling = Float(steps) - rising
    let share = falling > 0 ? (position - rising) / falling : 0
    switch shape {
    case .constant: return peak
    case .cosine: return peak * Self.blend(from: 1, to: 0, share)
    case .oneCycle: return peak * Self.blend(from: 1, to: 0.0001, share)
    }
  }

  /// Half a cosine from one value to another.
  private static func blend(from first: Float, to last: Float, _ share: Float) -> Float {
    last + (first - last) * (1 + cos(.pi * share)) / 2
  }
}
