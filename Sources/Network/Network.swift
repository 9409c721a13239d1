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

  /// The most values that an activation of one picture may have.
  public static let activationLimit = 1 << 22
  /// The most values that all parameters together may have: a byte each, a model file holds no more.
  public static let parameterLimit = 1 << 26

  /// Creates a network without parameters.
  /// - Throws: `NetworkError` where there is no layer, a name is used twice, an input does not come earlier, or
  ///   shapes don't fit; the layer is named.
  public init(input: Shape, layers: [Layer]) throws(NetworkError) {
    guard !layers.isEmpty else { throw .empty }
    var shapes: [Shape] = []
    var names: Set<String> = []
    var parameterCount = 0
    for (index, layer) in layers.enumerated() {
      guard names.insert(layer.name).inserted else { throw .duplicateName(layer.name) }
      let kind = layer.operation.kind
      guard layer.inputs.count == kind.inputCount else {
        throw .inputCount(
          layer: layer.name, expected: kind.inputCount, found: layer.inputs.count)
      }
      var inputs: [Shape] = []
      for source in layer.inputs {
        switch source {
        case .picture: inputs.append(input)
        case .layer(let earlier):
          guard shapes.indices.contains(earlier) else {
            throw .inputOrder(layer: layer.name, index: index, input: earlier)
          }
          inputs.append(shapes[earlier])
        }
      }
      do throws(LayerError) {
        shapes.append(try kind.outputShape(for: inputs))
      } catch { throw .layer(layer.name, error) }
      let largest = max(input.count, shapes[index].count)
      guard largest <= Self.activationLimit else {
        throw .tooLarge(
          layer: layer.name, what: "activation", found: largest, limit: Self.activationLimit)
      }
      parameterCount += kind.parameters(for: inputs).reduce(0) { $0 + $1.count }
      guard parameterCount <= Self.parameterLimit else {
        throw .tooLarge(
          layer: layer.name, what: "network up to it", found: parameterCount,
          limit: Self.parameterLimit)
      }
    }
    self.input = input
    self.layers = layers
    self.shapes = shapes
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
  /// More values than a tiny network has: an activation, or the parameters up to this layer.
  case tooLarge(layer: String, what: String, found: Int, limit: Int)
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
    case .tooLarge(let layer, let what, let found, let limit):
      "layer \(layer): the \(what) has \(found) values, at most \(limit) are allowed"
    }
  }
}
