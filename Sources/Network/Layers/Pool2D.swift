/// The largest value under a window. Padding is not counted as a value.
public struct MaxPool2D: Hashable, Sendable {
  /// How the window moves.
  public var window: Window

  /// Creates a max pool; its window is not padded.
  public init(window: Window) { self.window = window }
}

/// The mean of the values under a window.
public struct AveragePool2D: Hashable, Sendable {
  /// How the window moves.
  public var window: Window

  /// Creates an average pool; its window is not padded.
  public init(window: Window) { self.window = window }
}

/// The mean of each channel over the whole picture.
public struct GlobalAveragePool: Hashable, Sendable {
  /// Creates a global average pool.
  public init() {}
}

/// The largest value of each channel over the whole picture.
public struct GlobalMaxPool: Hashable, Sendable {
  /// Creates a global max pool.
  public init() {}
}

extension MaxPool2D: NamedLayerKind {
  /// The word that names this layer in a network text.
  public static let keyword = "maxpool"

  /// The output's shape.
  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try window.pooled(inputs[0])
  }

  /// What follows the keyword in a network text.
  public var arguments: [String] { ["\(window.kernel)"] + window.poolOptions }
}

extension AveragePool2D: NamedLayerKind {
  /// The word that names this layer in a network text.
  public static let keyword = "avgpool"

  /// The output's shape.
  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try window.pooled(inputs[0])
  }

  /// What follows the keyword in a network text.
  public var arguments: [String] { ["\(window.kernel)"] + window.poolOptions }
}

extension GlobalAveragePool: NamedLayerKind {
  /// The word that names this layer in a network text.
  public static let keyword = "globalavgpool"

  /// The output's shape.
  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    Shape(height: 1, width: 1, channels: inputs[0].channels)
  }
}

extension GlobalMaxPool: NamedLayerKind {
  /// The word that names this layer in a network text.
  public static let keyword = "globalmaxpool"

  /// The output's shape.
  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    Shape(height: 1, width: 1, channels: inputs[0].channels)
  }
}

extension Window {
  fileprivate func pooled(_ input: Shape) throws(LayerError) -> Shape {
    guard let size = outputSize(for: input) else { throw .windowDoesNotFit(kernel, input) }
    return Shape(height: size.height, width: size.width, channels: input.channels)
  }

  /// A pool moves by its own size unless it says otherwise.
  fileprivate var poolOptions: [String] { stride == kernel ? [] : ["stride=\(stride)"] }
}
