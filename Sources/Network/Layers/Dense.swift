/// A fully connected layer with bias over all of its input, flattened height, width, channels.
/// Weights are (outputs, height, width, channels).
public struct Dense: Hashable, Sendable {
  public var outputs: Int
  public var hasBias: Bool

  /// Creates a dense layer.
  public init(outputs: Int, hasBias: Bool = true) {
    self.outputs = outputs
    self.hasBias = hasBias
  }
}

extension Dense: LayerKind {
  public static let keyword = "dense"

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    Shape(height: 1, width: 1, channels: outputs)
  }

  public func parameters(for inputs: [Shape]) -> [ParameterShape] {
    let input = inputs[0]
    return [ParameterShape("weight", [outputs, input.height, input.width, input.channels])]
      + (hasBias ? [ParameterShape("bias", [outputs])] : [])
  }

  public func macs(inputs: [Shape], output: Shape) -> Int { inputs[0].count * outputs }

  public var arguments: [String] { ["\(outputs)"] + (hasBias ? [] : ["bias=no"]) }
}
