import TinyRuntime

/// Writes model files. The layout itself is `ModelFormat`'s and `OpRecord`'s.
enum ModelFile {
  /// The file's bytes.
  static func bytes(
    of network: QuantizedNetwork, _ plan: Plan, _ weights: [PackedWeights], _ metadata: Metadata?
  ) throws(ExportError) -> [UInt8] {
    var records: [OpRecord] = []
    var blocks: [UInt8] = []
    var weightRAMByteCount = 0
    var roundings: UInt8 = 0
    let blocksStart =
      ModelFormat.headerByteCount + network.nodes.count * ModelFormat.recordByteCount
    for (index, node) in network.nodes.enumerated() {
      var record = node.record
      record.take(plan.edges[index])
      if record.op.requantizes { roundings |= 1 << Rounding.native.rawValue }
      if !node.constants.isEmpty {
        blocks.align()
        record.blockOffset = blocksStart + blocks.count
        for constant in node.constants {
          blocks.append(littleEndian: UInt32(bitPattern: constant))
        }
      }
      if record.op.hasWeights {
        record.encoding = weights[index].encoding.rawValue
        if weights[index].encoding != .raw {
          weightRAMByteCount = (weightRAMByteCount + 3) & ~3
          blocks.append(littleEndian: UInt32(weights[index].bytes.count))
          blocks.append(littleEndian: UInt32(weightRAMByteCount))
          weightRAMByteCount += weights[index].weightCount
        }
        blocks += weights[index].bytes
      }
      records.append(record)
    }
    var arenaByteCount = plan.arenaByteCount
    if weightRAMByteCount > 0 { arenaByteCount = max(arenaByteCount, Inflater.tableByteCount) }
    var file = header(
      recordCount: records.count, roundings, arenaByteCount, weightRAMByteCount)
    for record in records { file.append(record) }
    file += blocks
    if let metadata { file.append(.metadata, metadata.bytes) }
    guard file.count <= ModelFormat.byteCountLimit else {
      throw .tooLarge(
        layer: "all", what: "the file", found: file.count, limit: ModelFormat.byteCountLimit)
    }
    file.seal()
    return file
  }

  private static func header(
    recordCount: Int, _ roundings: UInt8, _ arenaByteCount: Int, _ weightRAMByteCount: Int
  ) -> [UInt8] {
    typealias Field = ModelFormat.Header
    var header = [UInt8](repeating: 0, count: ModelFormat.headerByteCount)
    header.replace(at: Field.magic, littleEndian: ModelFormat.magic)
    header[Field.version] = ModelFormat.version
    header[Field.roundings] = roundings
    header[Field.recordCount] = UInt8(recordCount)
    header.replace(at: Field.arenaByteCount, littleEndian: UInt32(arenaByteCount))
    header.replace(at: Field.weightRAMByteCount, littleEndian: UInt32(weightRAMByteCount))
    return header
  }
}

extension [UInt8] {
  /// Appends a section.
  fileprivate mutating func append(_ kind: ModelFormat.Section, _ bytes: [UInt8]) {
    append(littleEndian: UInt32(kind.rawValue) | UInt32(bytes.count) << 8)
    self += bytes
  }
}

extension OpRecord {
  /// Takes an edge's place.
  fileprivate mutating func take(_ edge: Plan.Edge) {
    marginTop = edge.marginTop
    marginBottom = edge.marginBottom
    marginLeft = edge.marginLeft
    marginRight = edge.marginRight
    ringHeight = edge.ringHeight
    offset = edge.offset
  }
}
