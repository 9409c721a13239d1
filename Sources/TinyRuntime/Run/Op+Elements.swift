// The rarer ops.
extension Op {
  /// One row of an op that looks at one value, or one pixel, at a time.
  @inline(always)
  func makeElements(
    of row: Bytes, _ step: Int, _ requantize: Requantizer, into output: MutableBytes
  ) {
    switch record.op {
    case .table where OpCode.table.isBuilt:
      tableRow(row, count: record.pixelByteCount, table: constants, into: output)
    case .argmax where OpCode.argmax.isBuilt:
      argmaxRow(row, channels: input.channels, into: output, width: record.width)
    case .upsample where OpCode.upsample.isBuilt:
      let channels = record.channels
      for copy in 0..<record.strideHorizontal {
        spread(
          row, runs: input.width, of: channels, into: output.advanced(by: copy &* channels),
          every: record.strideHorizontal &* channels)
      }
    case .multiply where OpCode.multiply.isBuilt:
      multiplyRow(
        row, zeroPoint: input.zeroPoint, second(step), zeroPoint: second.zeroPoint,
        count: record.pixelByteCount, multiplier: constants.int32(0), requantize, into: output)
    case .concat where OpCode.concat.isBuilt: concat(row, second(step), into: output)
    case .reshape where OpCode.reshape.isBuilt: reshape(step, into: output)
    default: break
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

  /// One row of a concatenation.
  @inline(always)
  private func concat(_ first: Bytes, _ other: Bytes, into output: MutableBytes) {
    spread(first, runs: record.width, of: input.channels, into: output, every: record.channels)
    spread(
      other, runs: record.width, of: second.channels,
      into: output.advanced(by: input.channels), every: record.channels)
  }
}
