@testable import Export
import TinyRuntime
import Train

/// Model files of a picture and one op, drawn from a seed: awkward extents, kernels, strides, margins, rings and shifts, every value
/// of weights and constants, and a pool that takes over a convolution.
struct RandomOp {
  private var random: SplitMix
  private var records: [OpRecord] = [OpRecord(), OpRecord()]
  private var blocks: [UInt8] = []
  /// What weights are drawn for.
  private let encoding: Encoding
  private let isUnpacked: Bool

  /// The plain model file of a seed.
  /// - Parameters:
  ///   - seed: what is drawn from.
  ///   - encoding: whose numbers weights are.
  ///   - isUnpacked: whether they are stored raw nevertheless.
  /// - Returns: the file.
  static func file(
    seed: UInt64, encoding: Encoding = .raw, isUnpacked: Bool = false
  ) -> [UInt8] {
    var op = RandomOp(seed: seed, encoding, isUnpacked: isUnpacked)
    op.draw()
    return op.file()
  }

  /// A picture for it: every value there is, extremes more often.
  static func picture(of model: HostModel, seed: UInt64) -> [Int8] {
    var random = SplitMix(seed: seed, 1)
    return (0..<model.inputCount).map { _ in
      Bool.random(using: &random)
        ? Int8.random(in: .min ... .max, using: &random)
        : [-128, 127, 0].randomElement(using: &random)!
    }
  }

  private init(seed: UInt64, _ encoding: Encoding, isUnpacked: Bool) {
    random = SplitMix(seed: seed)
    self.encoding = encoding
    self.isUnpacked = isUnpacked
  }

  private mutating func pick(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &random)
  }

  /// Small mostly, so that many are tried.
  private mutating func size(upTo limit: Int) -> Int { pick(1...(pick(0...3) == 0 ? limit : 8)) }

  private mutating func draw() {
    records[0].channels = size(upTo: 70)
    records[0].zeroPoint = Int8.random(in: .min ... .max, using: &random)
    records[1].op = [.conv2D, .conv2D, .conv2D, .depthwiseConv2D, .dense, .globalAveragePool, .add]
      .randomElement(using: &random)!
    records[1].zeroPoint = Int8.random(in: .min ... .max, using: &random)
    records[1].rightShift = pick(1...4)
    if records[1].op.hasWindow { drawWindow() } else { drawPixels() }
    var record = records[1]
    let sums: Int
    switch record.op {
    case .conv2D: sums = record.kernelHeight * record.kernelWidth * records[0].channels
    case .depthwiseConv2D: sums = record.kernelHeight * record.kernelWidth
    default: sums = records[0].height * records[0].width * records[0].channels
    }
    record.leftShift = record.op == .add ? 0 : pick(0...2)
    if record.op == .add { record.rightShift = 20 }
    if encoding.isPacked, record.op.hasWeights { record.leftShift = 0 }
    records[1] = record
    drawBlock(sums: sums)
  }

  /// A convolution, with a pool around it or without, and an input of the extents that it reads.
  private mutating func drawWindow() {
    var record = records[1]
    record.inputOrGroups = record.op == .conv2D ? 1 : 0
    record.kernelHeight = pick(1...5)
    record.kernelWidth = pick(1...5)
    record.strideVertical = pick(1...3)
    record.strideHorizontal = pick(1...3)
    record.paddingTop = pick(0...1)
    record.paddingLeft = pick(0...1)
    record.channels = record.op == .conv2D ? size(upTo: 40) : records[0].channels
    record.height = pick(1...3)
    record.width = size(upTo: 13)
    // A plane under a window of 3 x 3, which has kernels of its own, of all shapes of pool.
    let isPlane = record.op == .conv2D && pick(0...3) == 0
    if isPlane {
      records[0].channels = 1
      (record.kernelHeight, record.kernelWidth) = (3, 3)
      record.strideVertical = pick(1...2)
      record.strideHorizontal = pick(1...2)
      record.width = size(upTo: 40)
    }
    var step = record
    if pick(0...2) == 0 || isPlane && pick(0...1) == 0 {
      var pool = OpRecord()
      pool.op = .maxPool2D
      pool.input = 1
      pool.height = record.height
      pool.width = record.width
      pool.channels = record.channels
      pool.zeroPoint = record.zeroPoint
      pool.kernelHeight = pick(1...ModelFormat.foldedPoolExtent)
      pool.kernelWidth =
        isPlane && pick(0...1) == 0
        ? pool.kernelHeight : pick(1...ModelFormat.foldedPoolExtent)
      pool.strideVertical = pool.kernelHeight + pick(0...1)
      pool.strideHorizontal = pool.kernelWidth + pick(0...1)
      pool.ringHeight = pool.height
      record.height = (pool.height - 1) * pool.strideVertical + pool.kernelHeight
      record.width = (pool.width - 1) * pool.strideHorizontal + pool.kernelWidth
      step = record.pooled(by: pool)
      record.ringHeight = 0
      records.append(pool)
    } else {
      record.ringHeight = record.height
    }
    records[1] = record
    var input = records[0]
    input.marginTop = record.paddingTop + pick(0...1)
    input.marginLeft = record.paddingLeft + pick(0...1)
    input.marginBottom = pick(0...1)
    input.marginRight = pick(0...1)
    let rows = (step.height - 1) * step.windowStrideVertical + step.windowHeight - record.paddingTop
    let columns =
      (step.width - 1) * step.windowStrideHorizontal + step.windowWidth - record.paddingLeft
    input.height = max(1, rows - input.marginBottom + pick(0...1))
    input.width = max(1, columns - input.marginRight + pick(0...1))
    input.ringHeight = pick(min(step.windowHeight, input.paddedHeight)...input.paddedHeight)
    records[0] = input
  }

  private mutating func drawPixels() {
    records[0].height = pick(1...4)
    records[0].width = size(upTo: 20)
    records[0].ringHeight = records[0].height
    records[0].marginLeft = pick(0...1)
    records[0].marginRight = pick(0...1)
    let accumulates = records[1].op.accumulates
    records[1].channels = records[1].op == .dense ? size(upTo: 40) : records[0].channels
    records[1].height = accumulates ? 1 : records[0].height
    records[1].width = accumulates ? 1 : records[0].width
    records[1].ringHeight = records[1].height
  }

  /// Constants that spread the outputs over int8, and weights.
  private mutating func drawBlock(sums: Int) {
    let record = records[1]
    if record.op == .add {
      for _ in 0..<2 { append(pick(-(1 << 20)...1 << 20)) }
      append(pick(-(1 << 26)...1 << 26))
      return
    }
    let spread = record.op == .globalAveragePool ? 2.0 : 0.02
    let factor = spread / Double(sums).squareRoot() * Double(1 << (32 - record.leftShift))
    for _ in 0..<(record.op == .globalAveragePool ? 1 : record.channels) {
      append(pick(-20000...20000))
      let largest = factor * Double(1 << record.rightShift)
      append(Int(min(largest, 0x7FFF_FFFF) * Double(pick(1...100)) / 100))
    }
    guard record.op.hasWeights else { return }
    let count = record.weightByteCount(input: records[0], layout: .plain)
    guard encoding.isPacked else {
      for _ in 0..<count {
        blocks.append(UInt8(bitPattern: Int8.random(in: -127...127, using: &random)))
      }
      return
    }
    let groups = PackedGroups(encoding.rawValue)
    let range: ClosedRange<Int8> =
      encoding == .int4 ? -7...7 : encoding == .int2 ? -2...1 : -1...1
    let shift = groups.shifts.randomElement(using: &random)!
    let weights = (0..<count).map { _ in Int8.random(in: range, using: &random) << shift }
    if isUnpacked {
      blocks += weights.map(UInt8.init(bitPattern:))
    } else {
      blocks += groups.packed(weights, shift: shift)
      records[1].encoding = encoding.rawValue
      records[1].weightShift = shift
    }
  }

  private mutating func append(_ constant: Int) {
    blocks.append(littleEndian: UInt32(truncatingIfNeeded: constant))
  }

  /// The header, the edges one after another in the arena, and the block.
  private func file() -> [UInt8] {
    typealias Field = ModelFormat.Header
    var records = records
    var end = ModelFormat.stateByteCount(recordCount: records.count)
    for index in records.indices where !records[index].isFolded {
      records[index].offset = (end + 3) & ~3
      end = records[index].offset + records[index].bufferByteCount
    }
    records[1].blockOffset =
      ModelFormat.headerByteCount + records.count * ModelFormat.recordByteCount
    var file = [UInt8](repeating: 0, count: ModelFormat.headerByteCount)
    file.replace(at: Field.magic, littleEndian: ModelFormat.magic)
    file[Field.version] = ModelFormat.version
    file[Field.roundings] = 1 << Rounding.native.rawValue
    file[Field.recordCount] = UInt8(records.count)
    let tile = records[1].unpackedByteCount(input: records[0], layout: .plain)
    file.replace(at: Field.arenaByteCount, littleEndian: UInt32((end + 3) & ~3 + tile))
    for record in records { file.append(record) }
    file += blocks
    file.seal()
    return file
  }
}
