/// A convolution with bias. Weights are (output channels, kernel height, kernel width, input
/// channels / groups).
public struct Conv2D: Hashable, Sendable {
  /// How the window moves.
  public var window: Window
  /// The number of output channels.
  public var outputChannels: Int
  /// The number of groups that input and output channels are split into; 1 is the ordinary
  /// convolution.
  public var groups: Int
  /// Whether a bias is added.
  public var hasBias: Bool

  /// Creates a convolution.
  public init(window: Window, outputChannels: Int, groups: Int = 1, hasBias: Bool = true) {
    self.window = window
    self.outputChannels = outputChannels
    self.groups = groups
    self.hasBias = hasBias
  }
}

extension Conv2D: NamedLayerKind {
  /// The word that names this layer in a network text.
  public static let keyword = "conv"

  /// The output's shape.
  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = inputs[0]
    guard input.channels % groups == 0, outputChannels % groups == 0 else {
      throw .groups(groups, inputChannels: input.channels, outputChannels: outputChannels)
    }
    return try window.outputShape(for: input, channels: outputChannels)
  }

  /// The parameters, in the order in which a checkpoint lists them.
  public func parameters(for inputs: [Shape]) -> [ParameterShape] {
    let weight = [
      outputChannels, window.kernel.height, window.kernel.width, inputs[0].channels / groups,
    ]
    return [ParameterShape("weight", weight)]
      + (hasBias ? [ParameterShape("bias", [outputChannels])] : [])
  }

  /// Multiply-accumulates for one picture, nominal.
  public func macs(inputs: [Shape], output: Shape) -> Int {
    output.count * window.kernel.count * inputs[0].channels / groups
  }

  /// What follows the keyword in a network text.
  public var arguments: [String] {
    ["\(window.kernel)", "\(outputChannels)"] + window.options
      + (groups == 1 ? [] : ["groups=\(groups)"]) + (hasBias ? [] : ["bias=no"])
  }
}
