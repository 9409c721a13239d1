/// How many bits a layer's weights take in a file that is compressed, by the whole number that a weight is: what the
/// exporter expects of them, as they are now.
public struct CodeLengths: Hashable, Sendable {
  /// Bits of a 0.
  public var zero: Double
  /// Bits of 1 and of -1; at least those of a 0.
  public var one: Double
  /// Bits that each further step away from 0 takes more; at least 0.
  public var step: Double

  /// Those of numbers that take the same bytes whatever they are.
  public static let free = CodeLengths(zero: 0, one: 0, step: 0)

  /// Creates code lengths.
  public init(zero: Double, one: Double, step: Double) {
    self.zero = zero
    self.one = one
    self.step = step
  }

  /// Bits of a number, and of what lies between two.
  public func bits(of number: Double) -> Double {
    let size = abs(number)
    return size < 1 ? zero + (one - zero) * size : one + step * (size - 1)
  }

  /// How steeply they rise at a number, away from 0.
  public func slope(at number: Double) -> Double {
    number == 0 ? 0 : (abs(number) <= 1 ? one - zero : step) * (number < 0 ? -1 : 1)
  }
}

/// The size of a file whose weights are compressed, and how it follows from them.
public struct CodedSize: Hashable, Sendable {
  /// Of the file.
  public var byteCount: Int
  /// Of the weights in it; at least 1.
  public var weightByteCount: Int
  /// The number of weights in it; at least 1.
  public var weightCount: Int
  /// Of each layer whose weights can be compressed, by its name.
  public var lengths: [String: CodeLengths]

  /// Creates a size.
  public init(
    byteCount: Int, weightByteCount: Int, weightCount: Int, lengths: [String: CodeLengths]
  ) {
    self.byteCount = byteCount
    self.weightByteCount = weightByteCount
    self.weightCount = weightCount
    self.lengths = lengths
  }
}
