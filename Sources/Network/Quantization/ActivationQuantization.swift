/// How real values map to int8: `real = (value - zeroPoint) * scale`.
public struct ActivationQuantization: Hashable, Sendable {
  /// The real distance of neighbouring values; positive and finite.
  public var scale: Double
  /// The value that stands for 0.
  public var zeroPoint: Int8

  /// A pixel of 0 ... 255, read as 0 ... 1.
  public static let picture = ActivationQuantization(scale: 1 / 255, zeroPoint: -128)

  /// A softmax's shares, 0 ... 255/256.
  public static let softmax = ActivationQuantization(scale: 1 / 256, zeroPoint: -128)

  /// A channel's index.
  public static let index = ActivationQuantization(scale: 1, zeroPoint: 0)

  /// Creates a mapping.
  public init(scale: Double, zeroPoint: Int8) {
    self.scale = scale
    self.zeroPoint = zeroPoint
  }

  /// The mapping that spreads a range over int8. The range is widened to hold 0, which is then exact; an empty one gets scale
  /// 1.
  public init(covering minimum: Double, _ maximum: Double) {
    let low = min(minimum, 0)
    let high = max(maximum, 0)
    guard high > low, (high - low).isFinite else {
      self.init(scale: 1, zeroPoint: low < 0 ? 127 : -128)
      return
    }
    let scale = (high - low) / 255
    self.init(
      scale: scale, zeroPoint: Int8(max(-128, min(127, (-128 - low / scale).rounded()))))
  }

  /// The value nearest to `real`, saturated; ties go up.
  public func quantized(_ real: Double) -> Int8 {
    Int8(max(-128, min(127, (real / scale + 0.5).rounded(.down) + Double(zeroPoint))))
  }

  /// The real number that `value` stands for.
  public func real(_ value: Int8) -> Double { (Double(value) - Double(zeroPoint)) * scale }
}
