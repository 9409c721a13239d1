extension FieldCheck {
  /// An op whose output has other pixels or channels than its input, by its rule. A concatenation's channels are left to
  /// `second`.
  func moved(_ record: OpRecord, _ input: OpRecord) throws(ModelError) {
    var expected = input
    switch record.op {
    case .concat: expected.channels = record.channels
    case .upsample:
      expected.height &*= record.strideVertical
      expected.width &*= record.strideHorizontal
    case .argmax:
      try require(.inputChannels, input.channels, in: 1...ModelFormat.argmaxChannelLimit)
      expected.channels = 1
    default:
      // A reshape: as many values, in products that were checked with their edges.
      return try require(
        .channels, record.height &* record.width &* record.channels,
        equals: input.height &* input.width &* input.channels)
    }
    try sameShape(record, as: expected)
  }

  /// The second input: of the output's shape, or with the channels that the first leaves.
  func second(_ record: OpRecord, input: OpRecord, _ second: OpRecord) throws(ModelError) {
    var expected = second
    if OpCode.holdsAll, record.op == .concat {
      try require(.zeroPoint, Int(second.zeroPoint), equals: Int(record.zeroPoint))
      expected.channels &+= input.channels
    }
    try sameShape(record, as: expected)
  }
}
