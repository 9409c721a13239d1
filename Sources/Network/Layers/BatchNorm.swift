/// Batch normalization over each channel: `weight * (x - mean) / sqrt(variance + epsilon) + bias`,
/// with the batch's own mean and (biased) variance in training and running averages of them
/// afterwards. Ioffe and Szegedy, 2015. Folded into the layer before it at export.
public struct BatchNorm: Hashable, Sendable {
  /// Added to the variance. The usual 1e-5.
  public static let epsilon: Float = 1e-5

  /// Creates a batch normalization.
  public init() {}

  /// What a channel's values, less the mean, are multiplied by after training: `weight / sqrt(variance + epsilon)`.
  public static func factor(weight: Float, variance: Float) -> Float {
    weight / (variance + epsilon).squareRoot()
  }
}

extension BatchNorm: NamedLayerKind {
  /// The word that names this layer in a network text.
  public static let keyword = "batchnorm"

  /// The parameters, in the order in which a checkpoint lists them.
  public func parameters(for inputs: [Shape]) -> [ParameterShape] {
    let channels = [inputs[0].channels]
    return [
      ParameterShape("weight", channels), ParameterShape("bias", channels),
      ParameterShape("running_mean", channels, isTrained: false),
      ParameterShape("running_variance", channels, isTrained: false),
    ]
  }
}
