/// What the float network knows of one kind of layer: its shapes, its parameters, and how it is
/// written.
public protocol LayerKind: Hashable, Sendable {
  /// The word that names it in a network text.
  var keyword: String { get }

  /// How many activations it takes: 1 or 2.
  var inputCount: Int { get }

  /// The output's shape for inputs of these shapes (`inputCount` of them).
  /// - Throws: `LayerError` where they don't fit this layer.
  func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape

  /// The parameters, in the order in which a checkpoint lists them.
  func parameters(for inputs: [Shape]) -> [ParameterShape]

  /// Multiply-accumulates for one picture, nominal: padding counted as work.
  func macs(inputs: [Shape], output: Shape) -> Int

  /// What follows the keyword in a network text.
  var arguments: [String] { get }
}

/// A kind of layer with one word for all.
public protocol NamedLayerKind: LayerKind {
  /// The word that names this kind in a network text.
  static var keyword: String { get }
}

extension NamedLayerKind {
  /// The word that names it in a network text.
  public var keyword: String { Self.keyword }
}

extension LayerKind {
  /// The number of activations it takes.
  public var inputCount: Int { 1 }
  /// The output's shape.
  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape { inputs[0] }
  /// The parameters, in the order in which a checkpoint lists them.
  public func parameters(for inputs: [Shape]) -> [ParameterShape] { [] }
  /// Multiply-accumulates for one picture, nominal.
  public func macs(inputs: [Shape], output: Shape) -> Int { 0 }
  /// What follows the keyword in a network text.
  public var arguments: [String] { [] }
}

extension Window {
  /// The options of a window that differ from stride 1, no padding and no gaps.
  var options: [String] {
    (stride == Size(1) ? [] : ["stride=\(stride)"])
      + (padding == .valid ? [] : ["padding=\(padding.rawValue)"])
      + (dilation == 1 ? [] : ["dilation=\(dilation)"])
  }
}

/// One parameter of a layer: the last part of its name, and its shape.
public struct ParameterShape: Hashable, Sendable {
  /// The last part of the parameter's name, for instance `weight`.
  public var name: String
  /// The extents, outermost first.
  public var shape: [Int]
  /// False for what training only observes (running statistics).
  public var isTrained: Bool

  /// Creates a parameter's description.
  public init(_ name: String, _ shape: [Int], isTrained: Bool = true) {
    self.name = name
    self.shape = shape
    self.isTrained = isTrained
  }

  /// The number of elements, or `Int.max` where it is that or more.
  public var count: Int { shape.saturatingProduct }
}

/// Why a layer can't take its inputs.
public enum LayerError: Error, Hashable, Sendable {
  /// The window is larger than the (padded) input.
  case windowDoesNotFit(Size, Shape)
  /// The input has too many values with the zeros around it; `Int.max` stands for that and more.
  case paddedValues(Int)
  /// The groups don't divide both channel counts.
  case groups(Int, inputChannels: Int, outputChannels: Int)
  /// The two inputs of a sum or a product differ in shape.
  case unequalShapes(Shape, Shape)
  /// The two inputs of a concatenation differ in height or width.
  case unequalSizes(Shape, Shape)
  /// More channels than an argmax can tell apart.
  case argmaxChannels(Int)
  /// A reshape to another number of values.
  case valueCount(Shape, Shape)
}

extension LayerError: CustomStringConvertible {
  /// One line for people.
  public var description: String {
    switch self {
    case .windowDoesNotFit(let kernel, let input):
      "a window of \(kernel) does not fit into \(input)"
    case .paddedValues(let count):
      "with its padding the input has \(count)\(count == .max ? " or more" : "") values, "
        + "at most \(Network.activationLimit) are allowed"
    case .groups(let groups, let inputs, let outputs):
      "\(groups) groups do not divide \(inputs) input and \(outputs) output channels"
    case .unequalShapes(let first, let second):
      "the inputs have different shapes, \(first) and \(second)"
    case .unequalSizes(let first, let second):
      "the inputs have different heights or widths, \(first) and \(second)"
    case .argmaxChannels(let channels):
      "an argmax tells at most \(Argmax.channelLimit) channels apart, found \(channels)"
    case .valueCount(let input, let output):
      "\(input) has \(input.count) values, \(output) has \(output.count)"
    }
  }
}
