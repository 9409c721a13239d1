import TinyRuntime

extension HostModel {
  /// The model file with its weights laid out for one family of kernels, and raw, so that they are used in place.
  /// - Parameters:
  ///   - layout: the order of weights.
  ///   - keepsSections: whether labels and other metadata stay in the file.
  /// - Returns: a file that gives the same outputs.
  public func relaid(to layout: WeightLayout, keepsSections: Bool = true) -> [UInt8] {
    var relaid = records
    var blocks: [UInt8] = []
    let blocksStart = ModelFormat.headerByteCount + records.count * ModelFormat.recordByteCount
    var arenaEnd = 0
    for (index, record) in records.enumerated() {
      let constantByteCount = record.op.constantByteCount(channels: record.channels)
      if constantByteCount > 0 {
        blocks.align()
        relaid[index].blockOffset = blocksStart + blocks.count
        blocks += file[record.blockOffset..<record.blockOffset + constantByteCount]
      }
      if record.op.hasWeights {
        let weights = layout.ordered(weights(of: index), record, input: records[record.input])
        relaid[index].isLaidOut = weights.isLaidOut
        relaid[index].encoding = Encoding.raw.rawValue
        blocks += weights.bytes.map(UInt8.init(bitPattern:))
      }
      let input = records[record.input]
      arenaEnd = max(
        arenaEnd, record.offset + record.bufferByteCount,
        input.offset + input.bufferByteCount + relaid[index].readAhead(input: input, layout: layout)
      )
    }
    var result = Array(file[..<ModelFormat.headerByteCount])
    for record in relaid { result.append(record) }
    result += blocks
    if keepsSections { result += file[model.sectionsOffset...] }
    typealias Field = ModelFormat.Header
    result[Field.layout] = layout.rawValue
    result.replace(at: Field.arenaByteCount, littleEndian: UInt32((arenaEnd + 3) & ~3))
    result.replace(at: Field.weightRAMByteCount, littleEndian: 0)
    result.seal()
    return result
  }
}

extension WeightLayout {
  /// The weights of a plain record as a file in this layout has them.
  fileprivate func ordered(
    _ weights: [Int8], _ record: OpRecord, input: OpRecord
  ) -> (bytes: [Int8], isLaidOut: Bool) {
    let channels = record.channels
    let holds = canHold(weights, channels: channels, leftShift: record.leftShift)
    switch record.op {
    case .conv2D where record.inputOrGroups == 1 && holds:
      return (
        order(
          weights, channels: channels, rows: record.kernelHeight,
          runLength: record.runLength(input: input)), true
      )
    case .depthwiseConv2D where self == .blocks && holds:
      return (BlockLayout.orderDepthwise(weights, channels: channels), true)
    case .depthwiseConv2D where holdsDepthwise && channels % 4 == 0:
      return (orderDepthwise(weights, channels: channels), true)
    case .dense where self == .blocks && holds:
      return (
        BlockLayout.orderDense(
          weights, channels: channels, rows: input.height, runLength: input.width * input.channels),
        true
      )
    case .dense where holdsDense && holds:
      return (
        order(
          weights, channels: channels, rows: input.height, runLength: input.pixelByteCount), true
      )
    default: return (weights, false)
    }
  }
}
