/// One step of the model and the activation ("edge") it makes: 28 bytes, read and written here only.
///
///      0  dilation - 1 << 5 | code      14  (offset, continued)
///      1  rounding << 4 | laid out << 3 | encoding
///                                       16  kernel height
///      2  first input                   17  kernel width
///      3  second input, or groups       18  stride, or factors: vertical << 4 | horizontal
///      4  height      16 bits           19  padding of the window: top << 4 | left
///      6  width       16 bits           20  margin of the edge: top << 4 | bottom
///      8  channels    16 bits           21  margin of the edge: left << 4 | right
///     10  ring height 16 bits           22  zero point, signed
///     12  arena offset 32 bits          23  left shift << 5 | right shift
///                                       24  block offset 32 bits
///
/// An edge's rows lie in the arena as a ring of `ringHeight` rows of `rowByteCount` bytes. Rows and columns of margin hold the
/// zero point, so that a padded window reads them like any other. An accumulating edge has 4 bytes a channel
/// instead, and its int8 values come to lie at its start. A ring height of 0 says that the edge is never stored: the max pool in
/// the next record takes the convolution over.
package struct OpRecord: Equatable {
  /// What is computed; of an unchecked record whose code is unknown, `input`.
  package var op = OpCode.input
  /// The distance of neighbouring pixels under a convolution's window, across and down.
  package var dilation: Int = 1
  package var rounding: UInt8 = 0
  package var encoding: UInt8 = 0
  /// Whether the weights lie in the order that the header names, instead of `WeightLayout.plain`.
  package var isLaidOut = false
  /// The record whose edge this one reads.
  package var input: Int = 0
  /// The second input of an op that has one; the number of groups of a convolution.
  package var inputOrGroups: Int = 0
  package var height: Int = 0
  package var width: Int = 0
  package var channels: Int = 0
  /// How many rows the ring holds, margin rows counted.
  package var ringHeight: Int = 0
  /// Where the edge begins in the arena, in bytes.
  package var offset: Int = 0
  package var kernelHeight: Int = 0
  package var kernelWidth: Int = 0
  /// How far the window moves; how often an upsampling repeats a pixel.
  package var strideVertical: Int = 0
  package var strideHorizontal: Int = 0
  /// Rows and columns by which the window starts outside the picture.
  package var paddingTop: Int = 0
  package var paddingLeft: Int = 0
  package var marginTop: Int = 0
  package var marginBottom: Int = 0
  package var marginLeft: Int = 0
  package var marginRight: Int = 0
  /// The int8 value that stands for 0.
  package var zeroPoint: Int8 = 0
  package var leftShift: Int = 0
  package var rightShift: Int = 0
  /// Where the block begins in the file, in bytes.
  package var blockOffset: Int = 0
  // Of a convolution that a max pool took over, not stored with its record: see `pooled(by:)`.
  package var poolHeight: Int = 1
  package var poolWidth: Int = 1
  package var poolStrideVertical: Int = 1
  package var poolStrideHorizontal: Int = 1

  package init() {}

  /// What record `index` runs as: itself, or for a max pool of an edge that is never stored, the convolution before
  /// it with the pool's window around its own.
  package init(step index: Int, of file: RawSpan) {
    self.init(of: file, at: index)
    guard op == .maxPool2D else { return }
    let input = OpRecord(of: file, at: input)
    if input.isFolded { self = input.pooled(by: self) }
  }

  /// Reads record `index` of a file long enough to hold it.
  package init(of file: RawSpan, at index: Int) {
    let start = ModelFormat.headerByteCount &+ index &* ModelFormat.recordByteCount
    // The bounds are checked here once.
    let bytes = file.extracting(start..<start &+ ModelFormat.recordByteCount)
    let operation = bytes.byte(at: 0)
    op = OpCode(rawValue: operation & 31) ?? .input
    dilation = Int(operation &>> 5) &+ 1
    let kinds = bytes.byte(at: 1)
    rounding = kinds &>> 4
    encoding = kinds & 7
    isLaidOut = kinds & 8 != 0
    input = Int(bytes.byte(at: 2))
    inputOrGroups = Int(bytes.byte(at: 3))
    height = bytes.uint16(at: 4)
    width = bytes.uint16(at: 6)
    channels = bytes.uint16(at: 8)
    ringHeight = bytes.uint16(at: 10)
    offset = Int(truncatingIfNeeded: bytes.uint32(at: 12))
    kernelHeight = Int(bytes.byte(at: 16))
    kernelWidth = Int(bytes.byte(at: 17))
    (strideVertical, strideHorizontal) = bytes.nibbles(at: 18)
    (paddingTop, paddingLeft) = bytes.nibbles(at: 19)
    (marginTop, marginBottom) = bytes.nibbles(at: 20)
    (marginLeft, marginRight) = bytes.nibbles(at: 21)
    zeroPoint = Int8(bitPattern: bytes.byte(at: 22))
    let shifts = bytes.byte(at: 23)
    leftShift = Int(shifts &>> 5)
    rightShift = Int(shifts & 31)
    blockOffset = Int(truncatingIfNeeded: bytes.uint32(at: 24))
  }

  /// The first byte of record `index`: the code, known or not, and the dilation.
  package static func operation(of file: RawSpan, at index: Int) -> UInt8 {
    file.byte(at: ModelFormat.headerByteCount &+ index &* ModelFormat.recordByteCount)
  }

  /// The record's bytes. Fields hold what their width allows: the exporter has made sure.
  package var bytes: [28 of UInt8] {
    [
      UInt8(dilation - 1) << 5 | op.rawValue, rounding &<< 4 | (isLaidOut ? 8 : 0) | encoding,
      UInt8(input), UInt8(inputOrGroups),
      UInt8(height & 255), UInt8(height >> 8), UInt8(width & 255), UInt8(width >> 8),
      UInt8(channels & 255), UInt8(channels >> 8), UInt8(ringHeight & 255), UInt8(ringHeight >> 8),
      UInt8(offset & 255), UInt8(offset >> 8 & 255), UInt8(offset >> 16 & 255), UInt8(offset >> 24),
      UInt8(kernelHeight), UInt8(kernelWidth),
      UInt8(strideVertical << 4 | strideHorizontal), UInt8(paddingTop << 4 | paddingLeft),
      UInt8(marginTop << 4 | marginBottom), UInt8(marginLeft << 4 | marginRight),
      UInt8(bitPattern: zeroPoint), UInt8(leftShift << 5 | rightShift),
      UInt8(blockOffset & 255), UInt8(blockOffset >> 8 & 255), UInt8(blockOffset >> 16 & 255),
      UInt8(blockOffset >> 24),
    ]
  }
}

extension OpRecord {
  /// Rows of the edge with its margins.
  @inline(always)
  package var paddedHeight: Int { height &+ marginTop &+ marginBottom }

  /// Bytes of one row with its margins.
  @inline(always)
  package var rowByteCount: Int { (width &+ marginLeft &+ marginRight) &* channels }

  /// Bytes of one row without them.
  @inline(always)
  package var pixelByteCount: Int { width &* channels }

  /// The row of the ring that step `step` makes.
  @inline(always)
  package func slot(ofStep step: Int) -> Int { isWhole ? step : step % ringHeight }

  /// Bytes of the edge in the arena.
  @inline(always)
  package var bufferByteCount: Int {
    op.accumulates ? 4 &* channels : ringHeight &* rowByteCount
  }

  /// Whether the edge is never stored, the max pool behind it making what it needs of it.
  @inline(always)
  package var isFolded: Bool { ringHeight == 0 }

  /// This convolution with the window of the max pool that reads it: it makes the pool's edge of its own input.
  ///
  /// A requantized value grows with its sum, for no multiplier is negative; so the largest sum of a pool's window gives its
  /// largest value.
  package func pooled(by pool: OpRecord) -> OpRecord {
    var record = self
    record.height = pool.height
    record.width = pool.width
    record.ringHeight = pool.ringHeight
    record.offset = pool.offset
    record.marginTop = pool.marginTop
    record.marginBottom = pool.marginBottom
    record.marginLeft = pool.marginLeft
    record.marginRight = pool.marginRight
    record.poolHeight = pool.kernelHeight
    record.poolWidth = pool.kernelWidth
    record.poolStrideVertical = pool.strideVertical
    record.poolStrideHorizontal = pool.strideHorizontal
    return record
  }

  /// Rows of the input that one row of the output takes.
  @inline(always)
  package var windowHeight: Int {
    (poolHeight &- 1) &* strideVertical &+ (kernelHeight &- 1) &* dilation &+ 1
  }

  /// Columns of the input that one pixel of the output takes.
  @inline(always)
  package var windowWidth: Int {
    (poolWidth &- 1) &* strideHorizontal &+ (kernelWidth &- 1) &* dilation &+ 1
  }

  /// Rows of the input from one row of the output to the next.
  @inline(always)
  package var windowStrideVertical: Int { poolStrideVertical &* strideVertical }

  /// Columns of the input from one pixel of the output to the next.
  @inline(always)
  package var windowStrideHorizontal: Int { poolStrideHorizontal &* strideHorizontal }

  /// Whether the ring holds every row, so that its op runs to the end once it is asked.
  @inline(always)
  package var isWhole: Bool { ringHeight == paddedHeight }

  /// The steps it takes to make the edge: one a row, margin rows counted, or for an accumulating op one a row of
  /// its input.
  package func stepCount(input: OpRecord) -> Int {
    op.accumulates ? input.height : paddedHeight
  }

  /// The rows of `input`'s edge, counted from its first margin row, that step `step` of this op reads. Empty for a row
  /// of margin.
  @inline(always)
  package func rows(ofInput input: OpRecord, atStep step: Int) -> Range<Int> {
    if op.accumulates {
      let row = input.marginTop &+ step
      return row..<row &+ 1
    }
    let row = step &- marginTop
    guard row >= 0, row < height else { return 0..<0 }
    guard op.hasWindow else {
      if OpCode.holdsAll, op == .upsample {
        return Self.rows(row, of: 1, inRowsOf: strideVertical, from: input.marginTop)
      }
      if OpCode.holdsAll, op == .reshape {
        return Self.rows(
          row, of: pixelByteCount, inRowsOf: input.pixelByteCount, from: input.marginTop)
      }
      let first = input.marginTop &+ row
      return first..<first &+ 1
    }
    let first = input.marginTop &- paddingTop &+ row &* windowStrideVertical
    return first..<first &+ windowHeight
  }

  /// The rows of `inputCount` values in which row `row` of `count` values lies, where both hold the same values, of which
  /// there are at most `ModelFormat.byteCountLimit`.
  @inline(never)
  private static func rows(
    _ row: Int, of count: Int, inRowsOf inputCount: Int, from margin: Int
  ) -> Range<Int> {
    let first = row &* count
    return margin &+ first / inputCount..<margin &+ (first &+ count &- 1) / inputCount &+ 1
  }

  /// Bytes that a row of a convolution's kernel reads, for one group.
  package func runLength(input: OpRecord) -> Int {
    kernelWidth &* (input.channels / inputOrGroups)
  }

  /// Bytes that a kernel may read past a run, and so past an edge's ring: weights that are laid out come in groups of 4
  /// or 16.
  package func readAhead(input: OpRecord, layout: WeightLayout) -> Int {
    if !isLaidOut { return 0 }
    if layout != .blocks {
      return op == .conv2D && layout.readsAhead ? 0 &- runLength(input: input) & 3 : 0
    }
    return switch op {
    case .conv2D: 0 &- runLength(input: input) & 15
    case .dense: 0 &- input.pixelByteCount & 15
    default: 0 &- channels & 15
    }
  }

  /// The bytes of weights, once unpacked.
  /// - Parameters:
  ///   - input: the input's record.
  ///   - layout: the one that the header names.
  /// - Returns: the count.
  package func weightByteCount(input: OpRecord, layout: WeightLayout) -> Int {
    switch op {
    case .conv2D:
      (isLaidOut ? layout : .plain).byteCount(
        channels: channels, rows: kernelHeight, runLength: runLength(input: input))
    case .depthwiseConv2D:
      isLaidOut && layout == .blocks
        ? (channels &+ 15) / 16 &* BlockLayout.depthwiseByteCount(taps: kernelHeight &* kernelWidth)
        : kernelHeight &* kernelWidth &* channels
    case .dense where isLaidOut && layout.isSixteens:
      layout.byteCount(channels: channels, rows: input.height, runLength: input.pixelByteCount)
    case .dense:
      channels &* input.height
        &* (isLaidOut ? 16 &* BlockLayout.blocks(input.pixelByteCount) : input.pixelByteCount)
    default: 0
    }
  }
}
