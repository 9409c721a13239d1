/// Checks the fields of one record.
struct FieldCheck {
  let index: Int

  /// - Throws: `ModelError.record` where `value` is outside what is allowed.
  func require(
    _ field: ModelError.RecordField, _ value: Int, in allowed: ClosedRange<Int>
  ) throws(ModelError) {
    guard allowed.contains(value) else {
      throw .record(index, field, found: value, allowed: allowed)
    }
  }

  /// - Throws: `ModelError.record` where `value` is not `expected`.
  func require(
    _ field: ModelError.RecordField, _ value: Int, equals expected: Int
  ) throws(ModelError) {
    try require(field, value, in: expected...expected)
  }

  /// The product of two extents, each at least 1.
  /// - Throws: `ModelError.record` where it is over `ModelFormat.byteCountLimit`.
  func product(
    _ field: ModelError.RecordField, _ value: Int, _ factor: Int
  ) throws(ModelError) -> Int {
    let (product, isTooLarge) = value.multipliedReportingOverflow(by: factor)
    guard !isTooLarge, product <= ModelFormat.byteCountLimit else {
      throw .record(
        index, field, found: value, allowed: 1...max(1, ModelFormat.byteCountLimit / factor))
    }
    return product
  }
}
