/// A fully connected layer with bias over all of its input, flattened height, width, channels.
/// Weights are (outputs, height, width, channels).
public struct Dense: Hashable, Sendable {
  /// The number of outputs.
  public var outputs: Int
  /// Whether a bias is added.
  public var hasBias: Bool

  /// Creates a dense layer.
  public init(outputs: Int, hasBias: Bool = true) {
    self.outputs = outputs
    self.hasBias = hasBias
  }
}

extension Dense: NamedLayerKind {
  /// The word that names this layer in a network text.
  public static let keyword = "dense"

  /// The output's shape.
  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    Shape(height: 1, width: 1, channels: outputs)
  }

  /// The parameters, in the order in which a checkpoint lists them.
  public func parameters(for inputs: [Shape]) -> [ParameterShape] {
    let input = inputs[0]
    return [ParameterShape("weight", [outputs, input.height, input.width, input.channels])]
      + (hasBias ? [ParameterShape("bias", [outputs])] : [])
  }

  /// Multiply-accumulates for one picture, nominal.
  public func macs(inputs: [Shape], output: Shape) -> Int { inputs[0].count * outputs }

  /// What follows the keyword in a network text.
  public var arguments: [String] { ["\(outputs)"] + (hasBias ? [] : ["bias=no"]) }
}
