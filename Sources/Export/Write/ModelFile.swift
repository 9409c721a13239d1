import TinyRuntime

/// Writes model files. The layout itself is `ModelFormat`'s and `OpRecord`'s.
enum ModelFile {
  /// The file's bytes.
  static func bytes(
    of network: QuantizedNetwork, _ plan: Plan, _ weights: [PackedWeights], _ metadata: Metadata?
  ) throws(ExportError) -> [UInt8] {
    var records: [OpRecord] = []
    var blocks = BlockWriter(recordCount: network.nodes.count, layout: .plain)
    var roundings: UInt8 = 0
    for (index, node) in network.nodes.enumerated() {
      var record = node.record
      record.take(plan.edges[index])
      if record.op.requantizes { roundings |= 1 << Rounding.native.rawValue }
      var constants: [UInt8] = []
      for constant in node.constants {
        constants.append(littleEndian: UInt32(bitPattern: constant))
      }
      blocks.append(
        constants, weights[index], of: &record, input: network.nodes[record.input].record)
      records.append(record)
    }
    var file = header(
      recordCount: records.count, roundings,
      blocks.arenaByteCount(planned: plan.arenaByteCount), blocks.weightRAMByteCount)
    for record in records { file.append(record) }
    file += blocks.bytes
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
