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

/// `exp(x) / sum(exp(x))` over the channels of each pixel.
public struct Softmax: Hashable, Sendable {
  /// Creates a softmax.
  public init() {}
}

extension ReLU: NamedLayerKind {
  /// The word that names this layer in a network text.
  public static let keyword = "relu"
}
extension Softmax: NamedLayerKind {
  /// The word that names this layer in a network text.
  public static let keyword = "softmax"
}

extension Dropout: NamedLayerKind {
  /// The word that names this layer in a network text.
  public static let keyword = "dropout"
  /// What follows the keyword in a network text.
  public var arguments: [String] { ["\(rate)"] }
}
