/// The networks that are known by name.
public enum Preset: String, Sendable, CaseIterable {
  /// Digits in 98.5 % and seconds: depthwise convolutions behind a coarse first one.
  case tiny
  /// Digits at about 99.5 % in 7,990 parameters, batch norms folded.
  case small
  /// The textbook: pairs of 3x3 convolutions, one of 1x1 to narrow them. 19,866 parameters, batch
  /// norms folded.
  case reference
  /// Two convolutions, two pools and a dense layer: what small runtimes are compared on.
  case lenet
  /// MLPerf Tiny's image classification: a residual network for 32x32 colour pictures.
  case resnet8
  /// MLPerf Tiny's keyword spotting: depthwise separable convolutions over 49 frames of 10
  /// coefficients.
  case dscnn

  /// The network's text.
  public var text: String {
    switch self {
    case .tiny: Self.tinyText
    case .small: Self.smallText
    case .reference: Self.referenceText
    case .lenet: Self.lenetText
    case .resnet8: Self.resnet8Text
    case .dscnn: Self.dscnnText
    }
  }

  /// The network, without parameters.
  public var network: Network {
    do {
      return try Network(text: text)
    } catch { preconditionFailure("the preset \(rawValue) can be read: \(error)") }
  }
}
