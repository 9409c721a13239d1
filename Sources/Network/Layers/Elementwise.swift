/// `max(x, 0)`.
public struct ReLU: Hashable, Sendable {
  /// Creates a rectifier.
  public init() {}
}

/// In training, zeros this share of the values and scales the rest up by `1 / (1 - rate)`;
/// afterwards nothing.
public struct Dropout: Hashable, Sendable {
  /// The share zeroed, in 0 ..< 1.
  public var rate: Float

  /// Creates a dropout.
  public init(rate: Float) { self.rate = rate }
}

/// The sum of two activations of one shape: a residual connection.
public struct Add: Hashable, Sendable {
  /// Creates a sum.
  public init() {}
}

/// `exp(x) / sum(exp(x))` over the channels of each pixel.
public struct Softmax: Hashable, Sendable {
  /// Creates a softmax.
  public init() {}
}

extension ReLU: LayerKind {
  /// The word that names this layer in a network text.
  public static let keyword = "relu"
}
extension Softmax: LayerKind {
  /// The word that names this layer in a network text.
  public static let keyword = "softmax"
}

extension Dropout: LayerKind {
  /// The word that names this layer in a network text.
  public static let keyword = "dropout"
  /// What follows the keyword in a network text.
  public var arguments: [String] { ["\(rate)"] }
}

extension Add: LayerKind {
  /// The word that names this layer in a network text.
  public static let keyword = "add"
  /// The number of activations it takes.
  public var inputCount: Int { 2 }

  /// The output's shape.
  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    guard inputs[0] == inputs[1] else { throw .unequalShapes(inputs[0], inputs[1]) }
    return inputs[0]
  }
}
