/// A convolution of each channel by itself, with bias. Weights are (kernel height, kernel width,
/// channels).
public struct DepthwiseConv2D: Hashable, Sendable {
  /// How the window moves.
  public var window: Window
  /// Whether a bias is added.
  public var hasBias: Bool

  /// Creates a depthwise convolution.
  public init(window: Window, hasBias: Bool = true) {
    self.window = window
    self.hasBias = hasBias
  }
}

extension DepthwiseConv2D: NamedLayerKind {
  /// The word that names this layer in a network text.
  public static let keyword = "depthwise"

  /// The output's shape.
  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try window.outputShape(for: inputs[0], channels: inputs[0].channels)
  }

  /// The parameters, in the order in which a checkpoint lists them.
  public func parameters(for inputs: [Shape]) -> [ParameterShape] {
    let channels = inputs[0].channels
    return [ParameterShape("weight", [window.kernel.height, window.kernel.width, channels])]
      + (hasBias ? [ParameterShape("bias", [channels])] : [])
  }

  /// Multiply-accumulates for one picture, nominal.
  public func macs(inputs: [Shape], output: Shape) -> Int { output.count * window.kernel.count }

  /// What follows the keyword in a network text.
  public var arguments: [String] {
    ["\(window.kernel)"] + window.options + (hasBias ? [] : ["bias=no"])
  }
}
