extension FieldCheck {
  /// The edge by itself: extents capped, and its buffer inside the arena, behind the walk's state.
  func edge(_ record: StoredRecord, _ header: Header) throws(ModelError) {
    try require(.height, record.height, in: 1...0xFFFF &- record.marginTop &- record.marginBottom)
    try require(.width, record.width, in: 1...0xFFFF)
    try require(.channels, record.channels, in: 1...0xFFFF)
    let paddedWidth = record.width &+ record.marginLeft &+ record.marginRight
    let rowByteCount = try product(.width, paddedWidth, record.channels)
    _ = try product(.height, record.paddedHeight, rowByteCount)
    if record.isFolded { return try neverStored(record) }
    try require(.ringHeight, record.ringHeight, in: 1...record.paddedHeight)
    if record.op.accumulates {
      try require(.margin, record.marginTop | record.marginBottom, equals: 0)
      try require(.margin, record.marginLeft | record.marginRight, equals: 0)
      try require(.offset, record.offset & 3, equals: 0)
    }
    let state = ModelFormat.stateByteCount(recordCount: header.recordCount)
    let last = header.arenaByteCount &- record.bufferByteCount
    guard last >= state else {
      throw .header(
        .arena, found: header.arenaByteCount,
        allowed: state &+ record.bufferByteCount...ModelFormat.byteCountLimit &* 5)
    }
    try require(.offset, record.offset, in: state...last)
  }

  /// An edge that is never stored: a convolution's, without margins and without a place.
  private func neverStored(_ record: StoredRecord) throws(ModelError) {
    guard record.op.canFold else {
      throw .record(index, .ringHeight, found: 0, allowed: 1...record.paddedHeight)
    }
    try require(.margin, record.marginTop | record.marginBottom, equals: 0)
    try require(.margin, record.marginLeft | record.marginRight, equals: 0)
    try require(.offset, record.offset, equals: 0)
  }
}
