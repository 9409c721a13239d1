import CTinyRuntime

/// Scales 32-bit sums to int8 with rounding `native`:
///
///     saturate(floor(sum * 2^l * M / 2^(32 + r) + 1/2) + zeroPoint)
///
/// computed as `(((sum << l) * M) >> 32) + C) >> r` with `C = (2 * zeroPoint + 1) << (r - 1)`. The inner floor changes
/// nothing, since C is whole; so there is one rounding, ties up. A ReLU costs nothing where the zero point is -128.
///
/// | sum | M | l | r | zero point | result |
/// |---|---|---|---|---|---|
/// | 100 | 2^30 | 0 | 1 | 0 | 13 (12.5, tie up) |
/// | -100 | 2^30 | 0 | 1 | 0 | -12 (-12.5, tie up) |
/// | -100 | 2^30 | 0 | 1 | -128 | -128 (saturated) |
package struct Requantizer {
  /// `(2 * zeroPoint + 1) << (r - 1)`: at most 255 * 2^22, so the sum below fits 32 bits.
  let offset: Int32
  let leftShift: Int32
  let rightShift: Int32

  /// The right shifts allowed.
  package static let rightShifts = 1...23
  /// The left shifts allowed.
  package static let leftShifts = 0...7

  /// For shifts in range.
  @inline(always)
  package init(zeroPoint: Int8, leftShift: Int, rightShift: Int) {
    self.leftShift = Int32(truncatingIfNeeded: leftShift)
    self.rightShift = Int32(truncatingIfNeeded: rightShift)
    offset = (2 &* Int32(zeroPoint) &+ 1) &<< (self.rightShift &- 1)
  }

  /// For a checked record.
  @inline(always)
  package init(_ record: some Record) {
    self.init(
      zeroPoint: record.zeroPoint, leftShift: record.leftShift, rightShift: record.rightShift)
  }

  /// The same for kernels that scale several sums at once.
  @inline(always)
  var scale: thimble_scale {
    thimble_scale(offset: offset, left_shift: leftShift, right_shift: rightShift)
  }

  /// The int8 value of `sum`. The exporter proved that `sum << l` fits 32 bits; in a file that breaks that
  /// proof it wraps.
  @inline(always)
  package func callAsFunction(_ sum: Int32, multiplier: Int32) -> Int8 {
    saturated(
      thimble_multiply_high_accumulate(sum &<< leftShift, multiplier, offset) &>> rightShift)
  }
}

/// The nearest int8.
@inline(always)
func saturated(_ value: Int32) -> Int8 {
  Int8(truncatingIfNeeded: max(-128, min(127, value)))
}
