// The ops behind `softmax`: what a build with `THIMBLE_FEW_OPS` leaves out.
extension Op {
  /// One row of an op that looks at one value, or one pixel, at a time.
  @inline(always)
  func makeElements(of row: Bytes, _ step: Int, into output: MutableBytes) {
    switch record.op {
    case .table: tableRow(row, count: record.pixelByteCount, table: constants, into: output)
    case .argmax: argmaxRow(row, channels: input.channels, into: output, width: record.width)
    case .upsample:
      let channels = record.channels
      for copy in 0..<record.strideHorizontal {
        spread(
          row, runs: input.width, of: channels, into: output.advanced(by: copy &* channels),
          every: record.strideHorizontal &* channels)
      }
    default: reshape(step, into: output)
    }
  }

  /// One row of a reshape, which may begin anywhere in the input's rows.
  @inline(always)
  private func reshape(_ step: Int, into output: MutableBytes) {
    let inputCount = input.pixelByteCount
    var skipped = (step &- record.marginTop) &* record.pixelByteCount % inputCount
    var written = 0
    for row in record.rows(ofInput: input, atStep: step) {
      let count = min(inputCount &- skipped, record.pixelByteCount &- written)
      spread(
        memory.pixels(input, row).bytes.advanced(by: skipped), runs: 1, of: count,
        into: output.advanced(by: written), every: 0)
      written &+= count
      skipped = 0
    }
  }

  /// One row of a product or of a concatenation.
  @inline(always)
  func combine(_ first: Bytes, _ other: Bytes, _ second: OpRecord, into output: MutableBytes) {
    if record.op == .multiply {
      multiplyRow(
        first, zeroPoint: input.zeroPoint, other, zeroPoint: second.zeroPoint,
        count: record.pixelByteCount, multiplier: constants.int32(0), Requantizer(record),
        into: output)
    } else {
      spread(
        first, runs: record.width, of: input.channels, into: output, every: record.channels)
      spread(
        other, runs: record.width, of: second.channels,
        into: output.advanced(by: input.channels), every: record.channels)
    }
  }
}
