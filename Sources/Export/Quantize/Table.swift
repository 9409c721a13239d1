import Network

extension QuantizedNetwork.Node {
  /// The output for each of the 256 values of an input, four to a constant: byte n is for the value whose bits are n.
  /// - Parameters:
  ///   - function: of the real values; nil leaves them.
  ///   - input: what the values stand for.
  mutating func takeTable(of function: Activation?, input: ActivationQuantization) {
    let bytes = (0...255 as ClosedRange<UInt8>).map { bits in
      let real = input.real(Int8(bitPattern: bits))
      return UInt8(bitPattern: quantization.quantized(function?.value(at: real) ?? real))
    }
    constants = stride(from: 0, to: 256, by: 4).map { first in
      let word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[first + $1]) << (8 * UInt32($1)) }
      return Int32(bitPattern: word)
    }
  }
}
