extension FieldCheck {
  /// An op whose output has other pixels or channels than its input, by its rule. A concatenation's channels are left to
  /// `second`.
  func moved(_ record: StoredRecord, _ input: StoredRecord) throws(ModelError) {
    var (height, width, channels) = (input.height, input.width, input.channels)
    switch record.op {
    case .concat: channels = record.channels
    case .upsample:
      height &*= record.strideVertical
      width &*= record.strideHorizontal
    case .argmax:
      try require(.inputChannels, channels, in: 1...ModelFormat.argmaxChannelLimit)
      channels = 1
    default:
      // A reshape: as many values, in products that were checked with their edges.
      return try require(
        .channels, record.height &* record.width &* record.channels,
        equals: input.height &* input.width &* input.channels)
    }
    try shape(record, height: height, width: width, channels: channels)
  }

  /// The second input: of the output's shape, or with the channels that the first leaves.
  func second(_ record: StoredRecord, input: StoredRecord, _ second: StoredRecord)
    throws(ModelError)
  {
    var channels = second.channels
    if OpCode.concat.isBuilt, record.op == .concat {
      try require(.zeroPoint, Int(second.zeroPoint), equals: Int(record.zeroPoint))
      channels &+= input.channels
    }
    try shape(record, height: second.height, width: second.width, channels: channels)
  }
}
