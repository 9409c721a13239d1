/// A named parameter's values, row-major.
public struct Tensor: Equatable, Sendable {
  /// The extents, outermost first; empty for a scalar.
  public var shape: [Int]
  /// The elements, the last axis fastest.
  public var values: [Float]

  /// Creates a tensor; `values` holds exactly as many elements as `shape` says.
  public init(shape: [Int], values: [Float]) {
    precondition(shape.reduce(1, *) == values.count, "a tensor's values fill its shape")
    self.shape = shape
    self.values = values
  }

  /// Creates a tensor of one repeated value.
  public init(shape: [Int], repeating value: Float) {
    self.init(shape: shape, values: [Float](repeating: value, count: shape.reduce(1, *)))
  }
}
