import Foundation

/// A function of each value by itself, other than `ReLU`.
public enum Activation: Hashable, Sendable {
  /// `min(max(x, 0), 6)`.
  case relu6
  /// `x` where it is positive, else this share of it.
  case leakyReLU(slope: Float)
  /// `1 / (1 + exp(-x))`.
  case sigmoid
  /// The hyperbolic tangent.
  case tanh
  /// `x * min(max(x + 3, 0), 6) / 6`.
  case hardSwish
}

extension Activation {
  /// The function's value at `x`.
  public func value(at x: Double) -> Double {
    switch self {
    case .relu6: min(max(x, 0), 6)
    case .leakyReLU(let slope): x > 0 ? x : x * Double(slope)
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: Foundation.tanh(x)
    case .hardSwish: x * min(max(x + 3, 0), 6) / 6
    }
  }
}

extension Activation: LayerKind {
  /// The word that names it in a network text.
  public var keyword: String {
    switch self {
    case .relu6: "relu6"
    case .leakyReLU: "leakyrelu"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    case .hardSwish: "hardswish"
    }
  }

  /// What follows the keyword in a network text.
  public var arguments: [String] {
    if case .leakyReLU(let slope) = self { ["\(slope)"] } else { [] }
  }
}
