/// What the kernels, the walk and the loader read of a step of the model and the activation ("edge") it makes. `OpRecord` holds it
/// decoded, `StoredRecord` reads it where it lies in the file.
package protocol Record {
  /// What is computed; of an unchecked record whose code is unknown, `input`.
  var op: OpCode { get }
  /// The distance of neighbouring pixels under a convolution's window, across and down.
  var dilation: Int { get }
  var rounding: UInt8 { get }
  var encoding: UInt8 { get }
  /// Whether the weights lie in the order that the header names, instead of `WeightLayout.plain`.
  var isLaidOut: Bool { get }
  /// The record whose edge this one reads.
  var input: Int { get }
  /// The second input of an op that has one; the number of groups of a convolution.
  var inputOrGroups: Int { get }
  var height: Int { get }
  var width: Int { get }
  var channels: Int { get }
  /// How many rows the ring holds, margin rows counted.
  var ringHeight: Int { get }
  /// Where the edge begins in the arena, in bytes.
  var offset: Int { get }
  var kernelHeight: Int { get }
  var kernelWidth: Int { get }
  /// How far the window moves; how often an upsampling repeats a pixel.
  var strideVertical: Int { get }
  var strideHorizontal: Int { get }
  /// Rows and columns by which the window starts outside the picture.
  var paddingTop: Int { get }
  var paddingLeft: Int { get }
  var marginTop: Int { get }
  var marginBottom: Int { get }
  var marginLeft: Int { get }
  var marginRight: Int { get }
  /// The int8 value that stands for 0.
  var zeroPoint: Int8 { get }
  /// How far sums are shifted to the left; those of packed weights are not.
  var leftShift: Int { get }
  /// How far codes of packed weights are.
  var weightShift: Int { get }
  var rightShift: Int { get }
  /// Where the block begins in the file, in bytes.
  var blockOffset: Int { get }
  /// The window and stride of the max pool that took a convolution over; 1 without one.
  var poolHeight: Int { get }
  var poolWidth: Int { get }
  var poolStrideVertical: Int { get }
  var poolStrideHorizontal: Int { get }
}

extension Record {
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
  package func stepCount(input: some Record) -> Int {
    op.accumulates ? input.height : paddedHeight
  }

  /// The rows of `input`'s edge, counted from its first margin row, that step `step` of this op reads. Empty for a row
  /// of margin.
  @inline(always)
  package func rows(ofInput input: some Record, atStep step: Int) -> Range<Int> {
    if op.accumulates {
      let row = input.marginTop &+ step
      return row..<row &+ 1
    }
    let row = step &- marginTop
    guard row >= 0, row < height else { return 0..<0 }
    guard op.hasWindow else {
      if OpCode.upsample.isBuilt, op == .upsample {
        return valueRows(row, of: 1, inRowsOf: strideVertical, from: input.marginTop)
      }
      if OpCode.reshape.isBuilt, op == .reshape {
        return valueRows(
          row, of: pixelByteCount, inRowsOf: input.pixelByteCount, from: input.marginTop)
      }
      let first = input.marginTop &+ row
      return first..<first &+ 1
    }
    let first = input.marginTop &- paddingTop &+ row &* windowStrideVertical
    return first..<first &+ windowHeight
  }

  /// Bytes that a row of a convolution's kernel reads, for one group.
  package func runLength(input: some Record) -> Int {
    kernelWidth &* (input.channels / inputOrGroups)
  }

  /// Bytes that a kernel may read past a run, and so past an edge's ring: weights that are laid out come in groups of 4
  /// or 16.
  package func readAhead(input: some Record, layout: WeightLayout) -> Int {
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
  package func weightByteCount(input: some Record, layout: WeightLayout) -> Int {
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

/// The rows of `inputCount` values in which row `row` of `count` values lies, where both hold the same values, of which
/// there are at most `ModelFormat.byteCountLimit`.
@inline(never)
private func valueRows(
  _ row: Int, of count: Int, inRowsOf inputCount: Int, from margin: Int
) -> Range<Int> {
  let first = row &* count
  return margin &+ first / inputCount..<margin &+ (first &+ count &- 1) / inputCount &+ 1
}
