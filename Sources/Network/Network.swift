/// A float network as data: a graph of layers in an order in which they can be computed, its
/// parameters, and what was observed of its activations. The last layer is the output.
///
/// It has no arithmetic: `Train` fits and evaluates it, `Export` quantizes it.
public struct Network: Sendable, Equatable {
  /// The shape of the picture. A pixel enters as `value / 255`, in 0 ... 1.
  public let input: Shape
  /// The layers, each after those it reads.
  public let layers: [Layer]
  /// The shape of each layer's output, in the order of `layers`.
  public let shapes: [Shape]
  /// Values by name, `LAYER.PARAMETER`, for instance `conv1.weight`.
  public var parameters: [String: Tensor] = [:]
  /// Histograms of each layer's output by layer name, where they were recorded.
  public var activations: [String: ActivationHistogram] = [:]
  /// The grids it was trained for; nil for a network in float alone.
  public var quantization: Quantization?

  /// The most values that the picture or an activation of one picture may have, with the zeros around it that a
  /// convolution adds.
  public static let activationLimit = 1 << 22
  /// The most values that all activations of one picture may have together.
  public static let allActivationsLimit = 1 << 26
  /// The most values that all parameters together may have: a byte each, a model file holds no more.
  public static let parameterLimit = 1 << 26
  /// The most layers.
  public static let layerLimit = 1 << 12

  /// Creates a network without parameters.
  /// - Throws: `NetworkError` where there is no layer, a name is used twice, an input does not come earlier, or
  ///   shapes don't fit; the layer is named.
  public init(input: Shape, layers: [Layer]) throws(NetworkError) {
    var builder = try NetworkBuilder(input: input)
    for layer in layers { try builder.append(layer) }
    try self.init(builder)
  }

  /// Creates a network of checked layers.
  /// - Throws: `NetworkError.empty`.
  init(_ builder: NetworkBuilder) throws(NetworkError) {
    guard !builder.layers.isEmpty else { throw .empty }
    input = builder.input
    layers = builder.layers
    shapes = builder.shapes
  }

  /// The shape of the output.
  public var output: Shape { shapes[shapes.count - 1] }

  /// The shapes a layer reads.
  public func inputShapes(of layer: Layer) -> [Shape] {
    layer.inputs.map { source in
      switch source {
      case .picture: input
      case .layer(let index): shapes[index]
      }
    }
  }

  /// The parameters that every layer needs, by full name, in the order of the layers.
  public var parameterShapes: [(name: String, parameter: ParameterShape)] {
    layers.flatMap { layer in
      layer.operation.kind.parameters(for: inputShapes(of: layer)).map {
        (name: "\(layer.name).\($0.name)", parameter: $0)
      }
    }
  }

  /// The number of trained values.
  public var parameterCount: Int {
    parameterShapes.reduce(0) { $0 + ($1.parameter.isTrained ? $1.parameter.count : 0) }
  }

  /// Multiply-accumulates for one picture, nominal.
  public var macs: Int {
    zip(layers, shapes).reduce(0) {
      $0 + $1.0.operation.kind.macs(inputs: inputShapes(of: $1.0), output: $1.1)
    }
  }
}

/// Why layers don't make a network.
public enum NetworkError: Error, Hashable, Sendable {
  /// No layer at all.
  case empty
  /// Two layers of one name.
  case duplicateName(String)
  /// A layer with too many or too few inputs.
  case inputCount(layer: String, expected: Int, found: Int)
  /// A layer that reads one that doesn't come earlier.
  case inputOrder(layer: String, index: Int, input: Int)
  /// A layer that can't take its inputs.
  case layer(String, LayerError)
  /// More than a tiny network has; `found` is `Int.max` where it is that or more.
  case tooLarge(Quantity, found: Int, limit: Int)

  /// What is limited.
  public enum Quantity: Hashable, Sendable {
    /// The picture's values.
    case picture
    /// The number of layers.
    case layers
    /// The values of a layer's output.
    case activation(layer: String)
    /// The values of all outputs up to a layer's.
    case allActivations(layer: String)
    /// The values of all parameters up to a layer.
    case parameters(layer: String)
  }
}

extension NetworkError: CustomStringConvertible {
  /// One line for people.
  public var description: String {
    switch self {
    case .empty: "the network has no layer"
    case .duplicateName(let name): "two layers are named \(name)"
    case .inputCount(let layer, let expected, let found):
      "layer \(layer) takes \(expected) input\(expected == 1 ? "" : "s"), found \(found)"
    case .inputOrder(let layer, let index, let input):
      "layer \(layer) (number \(index)) reads layer number \(input), which does not come earlier"
    case .layer(let name, let error): "layer \(name): \(error)"
    case .tooLarge(let quantity, let found, let limit):
      "\(quantity.beginning(found)), at most \(limit) are allowed"
    }
  }
}

extension NetworkError.Quantity {
  /// The words that say how much of it there is.
  fileprivate func beginning(_ found: Int) -> String {
    let count = found == .max ? "\(found) or more" : "\(found)"
    return switch self {
    case .picture: "the picture has \(count) values"
    case .layers: "the network has \(count) layers"
    case .activation(let layer): "layer \(layer): the activation has \(count) values"
    case .allActivations(let layer):
      "layer \(layer): all activations up to it have \(count) values"
    case .parameters(let layer): "layer \(layer): the network up to it has \(count) values"
    }
  }
}
