/// The sum of two activations of one shape: a residual connection.
public struct Add: Hashable, Sendable {
  /// Creates a sum.
  public init() {}
}

/// The product of two activations of one shape, value by value.
public struct Multiply: Hashable, Sendable {
  /// Creates a product.
  public init() {}
}

/// Two activations of one height and width side by side: each pixel has the first's channels, then the second's.
public struct Concat: Hashable, Sendable {
  /// Creates a concatenation.
  public init() {}
}

extension Add: NamedLayerKind {
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

extension Multiply: NamedLayerKind {
  /// The word that names this layer in a network text.
  public static let keyword = "multiply"

  /// The number of activations it takes.
  public var inputCount: Int { 2 }

  /// The output's shape.
  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    guard inputs[0] == inputs[1] else { throw .unequalShapes(inputs[0], inputs[1]) }
    return inputs[0]
  }
}

extension Concat: NamedLayerKind {
  /// The word that names this layer in a network text.
  public static let keyword = "concat"

  /// The number of activations it takes.
  public var inputCount: Int { 2 }

  /// The output's shape.
  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let (first, second) = (inputs[0], inputs[1])
    guard first.height == second.height, first.width == second.width else {
      throw .unequalSizes(first, second)
    }
    return Shape(
      height: first.height, width: first.width, channels: first.channels + second.channels)
  }
}
