/// How packed weights lie in a file: in groups of 4 bytes, without gaps from the first weight to the last.
///
/// A group holds `4 * planes` weights in their order, four to a plane: weight `4 * p + b` is in byte `b`, at plane `p`. A weight
/// is stored as a code, itself plus `zero`; unpacked, all weights of a record are shifted to the left alike.
///
/// | encoding | planes | codes of a byte |
/// |---|---|---|
/// | `int4` | 2 | 4 bits each, plane 0 lowest |
/// | `int2` | 4 | 2 bits each, plane 0 lowest |
/// | `ternary` | 5 | with t the number whose digits to the base 3 they are, plane 0 highest: t * 256 / 243, rounded up |
///
/// So four weights at a time come out of a group by masks and shifts: of `ternary`, 3 times the byte is the code of plane 0 in its ninth
/// and tenth bit, and below it the same of the planes behind.
package struct PackedGroups {
  package let planes: Int
  /// The code of a weight of 0.
  package let zero: UInt8

  /// Those of a packed encoding's number.
  package init(_ encoding: UInt8) {
    planes =
      encoding == Encoding.int4.rawValue ? 2 : encoding == Encoding.int2.rawValue ? 4 : 5
    zero = planes == 2 ? 8 : planes == 4 ? 2 : 1
  }

  /// The shifts that leave weights above -128.
  package var shifts: ClosedRange<Int> { 0...(planes == 2 ? 4 : planes == 4 ? 5 : 6) }

  /// Bytes of a group.
  package static let byteCount = 4

  /// Weights of a group.
  @inline(always)
  package var weightCount: Int { 4 &* planes }

  /// Bytes that `count` weights are stored in.
  @inline(always)
  package func storedByteCount(of count: Int) -> Int {
    (count &+ weightCount &- 1) / weightCount &* Self.byteCount
  }

  /// Bytes that it takes to unpack the groups in which `count` weights lie, the first of them anywhere in its group.
  @inline(always)
  package func unpackedByteCount(of count: Int) -> Int {
    (count &+ 2 &* weightCount &- 2) / weightCount &* weightCount
  }

  /// Whether four stored bytes are four that the writer can have written.
  package func allows(_ bytes: UInt32) -> Bool {
    switch planes {
    case 4: true
    // With t at most 242, 256 * t is 243 times the byte less at most 242.
    case 5:
      allowsDigits(bytes) && allowsDigits(bytes &>> 8) && allowsDigits(bytes &>> 16)
        && allowsDigits(bytes &>> 24)
    // A nibble of 0 would be -8: it alone borrows from the high bit that it lacks.
    default: (bytes &- 0x1111_1111) & ~bytes & 0x8888_8888 == 0
    }
  }

  private func allowsDigits(_ byte: UInt32) -> Bool { byte &* 243 & 255 < 243 }
}
