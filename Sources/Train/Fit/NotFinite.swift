/// Where a step first came to a number that is not finite.
public enum NotFinite: Hashable, Sendable, CustomStringConvertible {
  /// On the way forwards, in what a layer gives out.
  case output(layer: String)
  /// In the loss of logits that are finite.
  case loss
  /// On the way back, in the gradient by a layer's parameters.
  case gradient(layer: String)
  /// In a layer's parameters, after a step along a gradient that is finite.
  case parameters(layer: String)

  /// To go into a sentence.
  public var description: String {
    switch self {
    case .output(let layer): "a value of layer \(layer)"
    case .loss: "the loss"
    case .gradient(let layer): "the gradient by a parameter of layer \(layer)"
    case .parameters(let layer): "a parameter of layer \(layer)"
    }
  }
}

extension Stepper {
  /// Where the last step spoiled the parameters; nil if all that are trained, and their averages, are finite.
  /// `observed` parameters are looked at, too, if wanted.
  ///
  /// The way back meets the last layer first.
  func firstNotFinite(
    _ layout: ParameterLayout, parameters: UnsafePointer<Float>, observed: Bool = false
  ) -> NotFinite? {
    let trained = layout.entries.filter(\.shape.isTrained)
    let isFinite = { (values: UnsafePointer<Float>, entry: ParameterLayout.Entry) in
      entry.range.allSatisfy { values[$0].isFinite }
    }
    let spoiled = (observed ? layout.entries : trained).first {
      !isFinite(parameters, $0) || !isFinite(average.start, $0)
    }
    guard let spoiled else { return nil }
    let source = trained.last { !isFinite(gradients.start, $0) }
    return source.map { .gradient(layer: $0.layer) } ?? .parameters(layer: spoiled.layer)
  }
}

extension ParameterLayout.Entry {
  /// The name of the layer whose parameter it is.
  fileprivate var layer: String {
    name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }
}
