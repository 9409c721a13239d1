/// A convolution with bias. Weights are (output channels, kernel height, kernel width, input channels / groups).
public struct Conv2D: Hashable, Sendable {
  public var window: Window
  public var outputChannels: Int
  /// The number of groups that input and output channels are split into; 1 is the ordinary convolution.
  public var groups: Int
  public var hasBias: Bool

  /// Creates a convolution.
  public init(window: Window, outputChannels: Int, groups: Int = 1, hasBias: Bool = true) {
    self.window = window
    self.outputChannels = outputChannels
    self.groups = groups
    self.hasBias = hasBias
  }
}

extension Conv2D: LayerKind {
  public static let keyword = "conv"

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = inputs[0]
    guard input.channels % groups == 0, outputChannels % groups == 0 else {
      throw .groups(groups, inputChannels: input.channels, outputChannels: outputChannels)
    }
    guard let size = window.outputSize(for: input) else {
      throw .windowDoesNotFit(window.kernel, input)
    }
    return Shape(height: size.height, width: size.width, channels: outputChannels)
  }

  public func parameters(for inputs: [Shape]) -> [ParameterShape] {
    let weight = [
      outputChannels, window.kernel.height, window.kernel.width, inputs[0].channels / groups,
    ]
    return [ParameterShape("weight", weight)]
      + (hasBias ? [ParameterShape("bias", [outputChannels])] : [])
  }

  public func macs(inputs: [Shape], output: Shape) -> Int {
    output.count * window.kernel.count * inputs[0].channels / groups
  }

  public var arguments: [String] {
    ["\(window.kernel)", "\(outputChannels)"] + window.options
      + (groups == 1 ? [] : ["groups=\(groups)"]) + (hasBias ? [] : ["bias=no"])
  }
}
