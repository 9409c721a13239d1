import TinyRuntime

extension HostModel {
  /// The model file with its weights laid out for one family of kernels; of a plain file.
  /// - Parameters:
  ///   - layout: the order of weights.
  ///   - isForThisModelOnly: whether the file goes with code made for the model, which uses weights in place and reads no labels
  ///     or other metadata: those in a DEFLATE stream become raw, and the sections are left out.
  /// - Returns: a file that gives the same outputs.
  public func relaid(to layout: WeightLayout, isForThisModelOnly: Bool = false) -> [UInt8] {
    precondition(self.layout == .plain, "weights that are laid out already have no plain order")
    var relaid = records
    var blocks = BlockWriter(recordCount: records.count, layout: layout)
    var arenaEnd = 0
    for (index, record) in records.enumerated() {
      let input = records[record.input]
      var weights: PackedWeights?
      if record.op.hasWeights {
        let ordered = layout.ordered(self.weights(of: index), record, input: input)
        relaid[index].isLaidOut = ordered.isLaidOut
        weights = PackedWeights(
          ordered.weights,
          with: relaid[index].encoding(
            of: ordered.weights.count, layout: layout, isForThisModelOnly: isForThisModelOnly),
          shift: record.weightShift,
          unpacked: ordered.isLaidOut ? layout.bytes(of: ordered.weights, record.op) : nil)
      }
      let constants = record.op.constantByteCount(channels: record.channels)
      blocks.append(
        file[record.blockOffset..<record.blockOffset + constants], weights, of: &relaid[index],
        input: input)
      arenaEnd = max(
        arenaEnd, record.offset + record.bufferByteCount,
        input.offset + input.bufferByteCount + relaid[index].readAhead(input: input, layout: layout)
      )
    }
    var result = Array(file[..<ModelFormat.headerByteCount])
    for record in relaid { result.append(record) }
    result += blocks.bytes
    if !isForThisModelOnly { result += file[model.sectionsOffset...] }
    typealias Field = ModelFormat.Header
    result[Field.layout] = layout.rawValue
    result.replace(
      at: Field.arenaByteCount,
      littleEndian: UInt32(blocks.arenaByteCount(planned: (arenaEnd + 3) & ~3)))
    result.replace(
      at: Field.weightRAMByteCount, littleEndian: UInt32(blocks.weightRAMByteCount))
    result.seal()
    return result
  }
}

extension OpRecord {
  /// How the weights of a relaid record are stored: as they were, where that can be.
  fileprivate func encoding(
    of count: Int, layout: WeightLayout, isForThisModelOnly: Bool
  ) -> Encoding {
    if isPacked {
      let byteCount = packedGroups.storedByteCount(of: count)
      return canPack(byteCount, layout: layout) ? Encoding(rawValue: encoding) ?? .raw : .raw
    }
    return encoding == Encoding.deflate.rawValue && !isForThisModelOnly ? .deflate : .raw
  }
}

extension WeightLayout {
  /// The weights of a plain record in the order that a file in this layout has them.
  fileprivate func ordered(
    _ weights: [Int8], _ record: OpRecord, input: OpRecord
  ) -> (weights: [Int8], isLaidOut: Bool) {
    // A window with gaps has the plain kernels only.
    guard record.dilation == 1 else { return (weights, false) }
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
