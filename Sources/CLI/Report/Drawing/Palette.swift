/// The colours of values, with full alpha behind them.
enum Palette {
  /// From black at 0 to white at 1.
  static func grey(_ share: Float) -> [UInt8] { [byte(share), 255] }

  /// Blue for -1, nearly white for 0, orange for 1: apart for all kinds of colour vision.
  static func diverging(_ value: Float) -> [UInt8] {
    let end: [Float] = value < 0 ? [0.0, 0.35, 0.71] : [0.80, 0.36, 0.0]
    let part = min(abs(value), 1)
    return end.map { byte(0.96 + part * ($0 - 0.96)) } + [255]
  }

  /// Red, green and blue, each 0.5 for 0.
  static func colour(_ values: [Float]) -> [UInt8] { values.map { byte(0.5 + $0 / 2) } + [255] }

  /// A share of one in 8 bits; what is not a number is 0.
  private static func byte(_ share: Float) -> UInt8 {
    share > 0 ? UInt8((min(share, 1) * 255).rounded()) : 0
  }
}
