/// Zeros around a picture.
public struct Pad: Hashable, Sendable {
  /// How many rows and columns of them.
  public var margins: Window.Margins

  /// Creates a padding.
  public init(margins: Window.Margins) { self.margins = margins }
}

/// The same values in the same order, height, width, channels, in another shape.
public struct Reshape: Hashable, Sendable {
  /// The output's shape, or nil for one pixel with all values as channels.
  public var shape: Shape?

  /// Creates a reshape; without a shape it flattens.
  public init(to shape: Shape? = nil) { self.shape = shape }
}

/// Every pixel several times, down and across.
public struct Upsample: Hashable, Sendable {
  /// How often.
  public var factors: Size

  /// Creates an upsampling by the nearest pixel.
  public init(factors: Size) { self.factors = factors }
}

/// The index of the largest of a pixel's channels, the first of equals. Nothing is learned through it.
public struct Argmax: Hashable, Sendable {
  /// The most channels that it tells apart: an index is stored as int8.
  public static let channelLimit = 128

  /// Creates an argmax.
  public init() {}
}

extension Pad: NamedLayerKind {
  /// The word that names this layer in a network text.
  public static let keyword = "pad"

  /// The output's shape.
  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    Shape(
      height: margins.top + inputs[0].height + margins.bottom,
      width: margins.left + inputs[0].width + margins.right, channels: inputs[0].channels)
  }

  /// What follows the keyword in a network text.
  public var arguments: [String] {
    [
      ("top", margins.top), ("bottom", margins.bottom), ("left", margins.left),
      ("right", margins.right),
    ].filter { $0.1 > 0 }.map { "\($0.0)=\($0.1)" }
  }
}

extension Reshape: LayerKind {
  /// The word that names it in a network text.
  public var keyword: String { shape == nil ? "flatten" : "reshape" }

  /// The output's shape.
  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let output = shape ?? Shape(height: 1, width: 1, channels: inputs[0].count)
    guard output.count == inputs[0].count else { throw .valueCount(inputs[0], output) }
    return output
  }

  /// What follows the keyword in a network text.
  public var arguments: [String] { shape.map { ["\($0)"] } ?? [] }
}

extension Upsample: NamedLayerKind {
  /// The word that names this layer in a network text.
  public static let keyword = "upsample"

  /// The output's shape.
  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    Shape(
      height: inputs[0].height * factors.height, width: inputs[0].width * factors.width,
      channels: inputs[0].channels)
  }

  /// What follows the keyword in a network text.
  public var arguments: [String] { ["\(factors)"] }
}

extension Argmax: NamedLayerKind {
  /// The word that names this layer in a network text.
  public static let keyword = "argmax"

  /// The output's shape.
  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    guard inputs[0].channels <= Self.channelLimit else {
      throw .argmaxChannels(inputs[0].channels)
    }
    return Shape(height: inputs[0].height, width: inputs[0].width, channels: 1)
  }
}
