/// Checks records one after another, each against its op's rules and the records it reads, and that blocks and
/// sections fill the file with no gap and no overlap.
struct RecordCheck {
  private let header: Header
  private let file: Bytes
  /// Where the last block so far ends.
  private(set) var blocksEnd: Int
  /// Where the edges so far end in the arena.
  private var arenaEnd = 0
  /// Bytes of the largest tile of packed weights so far, unpacked.
  private var tileByteCount = 0
  /// Where the last unpacked weights so far end in weight RAM.
  private var weightRAMEnd = 0
  private var roundings: UInt8 = 0

  init(_ header: Header, _ file: Bytes) {
    self.header = header
    self.file = file
    blocksEnd =
      ModelFormat.headerByteCount &+ header.recordCount &* ModelFormat.recordByteCount
  }

  /// Checks record `index`, all before it having been checked.
  mutating func record(at index: Int) throws(ModelError) {
    let record = StoredRecord(index, of: file)
    let field = FieldCheck(index: index)
    let code = record.operation & 31
    guard index == 0 ? code == 0 : OpCode.isBuilt(code) else {
      throw .record(index, .code, found: code, allowed: index == 0 ? 0...0 : OpCode.known)
    }
    try field.edge(record, header)
    arenaEnd = max(arenaEnd, record.offset &+ record.bufferByteCount)
    try field.unused(record)
    if index == header.recordCount &- 1 {
      // The output is read once the walk has ended.
      try field.require(.ringHeight, record.ringHeight, equals: record.paddedHeight)
    }
    guard index > 0 else { return }
    try field.require(.input, record.input, in: 0...index &- 1)
    let input = StoredRecord(record.input, of: file)
    try readers(of: index, record)
    try field.op(record, input: input)
    if input.isFolded {
      try field.pool(record, takingOver: input, input: StoredRecord(input.input, of: file))
    }
    if record.op.hasSecondInput {
      try field.require(.secondInput, record.inputOrGroups, in: 0...index &- 1)
      try stored(record.inputOrGroups)
      try field.second(record, input: input, StoredRecord(record.inputOrGroups, of: file))
    }
    if record.op.requantizes {
      try field.require(.rounding, Int(record.rounding), equals: Int(Rounding.native.rawValue))
      roundings |= 1 &<< record.rounding
      try field.require(
        .shift, record.rightShift, in: record.op == .add ? 1...31 : Requantizer.rightShifts)
      try field.require(
        .shift, record.leftShift, in: record.op == .add ? 0...0 : Requantizer.leftShifts)
    }
    if record.isLaidOut {
      guard header.layout.holds(record.op) else {
        throw .record(
          index, .layout, found: Int(header.layout.rawValue), allowed: 1...Int(UInt8.max))
      }
      try field.require(.dilation, record.dilation, equals: 1)
      if header.layout == .pairs, record.op == .conv2D {
        try field.require(.shift, record.leftShift, equals: 0)
      }
      if record.op == .conv2D { try field.require(.groups, record.inputOrGroups, equals: 1) }
      if record.op == .depthwiseConv2D, header.layout != .blocks {
        try field.require(.channels, record.channels & 3, equals: 0)
      }
      arenaEnd = max(
        arenaEnd,
        input.offset &+ input.bufferByteCount
          &+ record.readAhead(input: input, layout: header.layout))
    }
    try block(record, input: input, field)
  }

  /// An edge that is never stored has one reader: a max pool, the record behind it.
  private func readers(of index: Int, _ record: StoredRecord) throws(ModelError) {
    if record.op == .maxPool2D, record.input == index &- 1 { return }
    try stored(record.input)
    try stored(index &- 1)
  }

  /// Record `index` has an edge in the arena.
  private func stored(_ index: Int) throws(ModelError) {
    let record = StoredRecord(index, of: file)
    guard !record.isFolded else {
      throw .record(index, .ringHeight, found: 0, allowed: 1...record.paddedHeight)
    }
  }

  /// The block begins where the last one ended, at the next multiple of 4, and ends inside the file.
  private mutating func block(
    _ record: StoredRecord, input: StoredRecord, _ field: FieldCheck
  ) throws(ModelError) {
    var end = record.op.constantByteCount(channels: record.channels)
    guard end > 0 else {
      return try field.require(.blockOffset, record.blockOffset, equals: 0)
    }
    let start = (blocksEnd &+ 3) & ~3
    try field.require(.blockOffset, record.blockOffset, equals: start)
    end &+= start
    if record.op.hasWeights {
      let weightCount = try weightByteCount(record, input: input, field)
      try field.require(.encoding, Int(record.encoding), in: Encoding.known)
      let isDeflated = record.encoding == Encoding.deflate.rawValue
      try requireFile(holds: isDeflated ? StoredWeights.packedHeadByteCount : 0, at: end, field)
      let stored = StoredWeights(record, byteCount: weightCount, in: file)
      if let weightRAMOffset = stored.weightRAMOffset {
        try field.require(.weightRAMOffset, weightRAMOffset, equals: (weightRAMEnd &+ 3) & ~3)
        weightRAMEnd = weightRAMOffset &+ weightCount
      }
      try requireFile(holds: stored.storedByteCount, at: stored.fileOffset, field)
      if record.isPacked {
        try field.packed(record, stored, layout: header.layout, file)
        tileByteCount = max(
          tileByteCount, record.unpackedByteCount(input: input, layout: header.layout))
      }
      end = stored.fileOffset &+ stored.storedByteCount
    }
    try requireFile(holds: 0, at: end, field)
    for padding in blocksEnd..<start {
      try field.require(.blockOffset, file.byte(at: padding), equals: 0)
    }
    blocksEnd = end
    if record.isFolded {
      // With one below 0 the largest sum would not make the largest value.
      let constants = file.advanced(by: start)
      for channel in 0..<record.channels {
        let multiplier = Int(constants.int32(2 &* channel &+ 1))
        try field.require(.multiplier, multiplier, in: 0...Int(Int32.max))
      }
    }
  }

  /// The weights' byte count, its product checked.
  private func weightByteCount(
    _ record: StoredRecord, input: StoredRecord, _ field: FieldCheck
  ) throws(ModelError) -> Int {
    let depth: Int
    switch record.op {
    case .conv2D:
      let kernel = record.kernelHeight &* record.kernelWidth  // at most 255 * 255
      depth = try field.product(.channels, kernel, input.channels / record.inputOrGroups)
    case .depthwiseConv2D: depth = record.kernelHeight &* record.kernelWidth
    // The input's own product was checked with its edge.
    default: depth = input.height &* input.width &* input.channels
    }
    let plain = try field.product(.channels, record.channels, depth)
    guard record.isLaidOut else { return plain }
    // Padding can take it to 32 times that, which wraps to less than 1 at most; with `sixteens`, which 64-bit hosts know, to 64 times.
    let count = record.weightByteCount(input: input, layout: header.layout)
    try field.require(.channels, count, in: 1...ModelFormat.byteCountLimit)
    return count
  }

  private func requireFile(
    holds count: Int, at start: Int, _ field: FieldCheck
  ) throws(ModelError) {
    guard start <= header.fileByteCount, count <= header.fileByteCount &- start, count >= 0 else {
      throw .blockEnd(
        record: field.index, start: start, byteCount: count, found: header.fileByteCount)
    }
  }

  /// Checks what remains once all records have been: what the header declares of them, and the sections.
  func finish(_ file: RawSpan) throws(ModelError) {
    guard roundings == header.roundings else {
      throw .header(
        .roundings, found: Int(header.roundings), allowed: Int(roundings)...Int(roundings))
    }
    guard weightRAMEnd == header.weightRAMByteCount else {
      throw .header(
        .weightRAM, found: header.weightRAMByteCount, allowed: weightRAMEnd...weightRAMEnd)
    }
    // Unpacking has its tables there, and tiles of packed weights lie at its end.
    let arena =
      max((arenaEnd &+ 3) & ~3, weightRAMEnd > 0 ? Inflater.tableByteCount : 0) &+ tileByteCount
    guard arena == header.arenaByteCount else {
      throw .header(.arena, found: header.arenaByteCount, allowed: arena...arena)
    }
    var offset = blocksEnd
    while offset < file.byteCount {
      guard let section = SectionHead(of: file, at: offset) else { throw .section(offset: offset) }
      offset = section.end
    }
  }
}
