/// Where a window finds its input: some rows of a ring, and how it moves along them.
struct RowWindow {
  /// The row of the ring in which the window's first row lies.
  let firstRow: Int
  let ringHeight: Int
  let rowByteCount: Int
  /// Bytes from the start of a row to the window's first column.
  let firstColumn: Int
  /// Bytes from a pixel under the window to the next in its row.
  let pixelStride: Int
  /// The distance of neighbouring rows and columns under the window.
  let dilation: Int
  /// Bytes from one output pixel's window to the next.
  let columnStride: Int
  /// The pool whose largest sum makes an output pixel: 1 x 1 without one.
  let poolHeight: Int
  let poolWidth: Int
  /// Rows of the input from one row of the pool's window to the next.
  let poolRowStep: Int
  /// Bytes from one column of the pool's window to the next.
  let poolColumnStep: Int
  /// Channels of the input that are read.
  var channels: Int
  let kernelHeight: Int
  let kernelWidth: Int
  /// Output pixels in a row.
  let outputWidth: Int

  /// The window of `record` for the output row whose input begins at row `firstRow` of `input`'s edge.
  @inline(always)
  init(_ record: some Record, input: some Record, firstRow: Int) {
    self.firstRow = input.slot(ofStep: firstRow)
    ringHeight = input.ringHeight
    rowByteCount = input.rowByteCount
    firstColumn = (input.marginLeft &- record.paddingLeft) &* input.channels
    dilation = OpCode.isDilationBuilt ? record.dilation : 1
    pixelStride = dilation &* input.channels
    columnStride = record.windowStrideHorizontal &* input.channels
    poolHeight = record.poolHeight
    poolWidth = record.poolWidth
    poolRowStep = record.strideVertical
    poolColumnStep = record.strideHorizontal &* input.channels
    channels = input.channels
    kernelHeight = record.kernelHeight
    kernelWidth = record.kernelWidth
    outputWidth = record.width
  }

  /// Bytes from the start of the ring to row `row` of the window. The ring holds the whole window, so it wraps at
  /// most once.
  @inline(always)
  func offset(ofRow row: Int) -> Int {
    let unwrapped = firstRow &+ row
    return (unwrapped < ringHeight ? unwrapped : unwrapped &- ringHeight) &* rowByteCount
  }

  /// Bytes from the start of the ring to the first column of a row of the kernel, at a place of the pool's window around the output
  /// pixel `x`.
  @inline(always)
  func offset(ofPixel x: Int, poolRow: Int, poolColumn: Int, kernelRow: Int) -> Int {
    offset(ofRow: poolRow &* poolRowStep &+ kernelRow &* dilation)
      &+ firstColumn &+ x &* columnStride &+ poolColumn &* poolColumnStep
  }
}
