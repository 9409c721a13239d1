import TinyRuntime

extension PackedGroups {
  /// Weights as they are stored.
  /// - Parameters:
  ///   - weights: each one that there is a code for, shifted.
  ///   - shift: how far.
  /// - Returns: whole groups, the last filled up with zeros.
  func packed(_ weights: [Int8], shift: Int) -> [UInt8] {
    var codes = weights.map { UInt8(Int($0 >> shift) + Int(zero)) }
    codes += [UInt8](
      repeating: zero, count: (weightCount - codes.count % weightCount) % weightCount)
    return stride(from: 0, to: codes.count, by: weightCount).flatMap { first in
      (0..<Self.byteCount).map { byte in
        self.byte(of: (0..<planes).map { codes[first + 4 * $0 + byte] })
      }
    }
  }

  /// The weights that are stored in groups.
  /// - Parameters:
  ///   - stored: whole groups.
  ///   - count: how many weights.
  ///   - shift: how far each is shifted.
  /// - Returns: the first `count` of them.
  func unpacked(_ stored: ArraySlice<UInt8>, count: Int, shift: Int) -> [Int8] {
    let bytes = stored.map(codes)
    return (0..<count).map { index in
      let (group, place) = index.quotientAndRemainder(dividingBy: weightCount)
      let code = bytes[Self.byteCount * group + place % 4][place / 4]
      return (Int8(bitPattern: code) - Int8(bitPattern: zero)) << shift
    }
  }

  /// The byte of one code of each plane.
  private func byte(of codes: [UInt8]) -> UInt8 {
    if planes == 5 {
      let number = codes.reduce(0) { 3 * $0 + Int($1) }
      return UInt8((256 * number + 242) / 243)
    }
    let bits = 8 / planes
    return codes.enumerated().reduce(0) { $0 | $1.element << (bits * $1.offset) }
  }

  /// The codes of a byte, by plane.
  private func codes(of byte: UInt8) -> [UInt8] {
    if planes == 5 {
      var rest = Int(byte)
      return (0..<planes).map { _ in
        rest *= 3
        defer { rest &= 255 }
        return UInt8(rest >> 8)
      }
    }
    let bits = 8 / planes
    return (0..<planes).map { byte >> (bits * $0) & (1 << bits - 1) }
  }
}
