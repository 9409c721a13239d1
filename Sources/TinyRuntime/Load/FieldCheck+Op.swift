extension FieldCheck {
  /// The op against the edge it reads: it reads no row or column that the edge doesn't have.
  func op(_ record: StoredRecord, input: StoredRecord) throws(ModelError) {
    switch record.op {
    case .input: break
    case .conv2D:
      try require(.groups, record.inputOrGroups, in: 1...255)
      try require(.groups, input.channels % record.inputOrGroups, equals: 0)
      try require(.groups, record.channels % record.inputOrGroups, equals: 0)
      try window(record, input: input, ringHeight: input.ringHeight)
    case .depthwiseConv2D:
      try require(.channels, record.channels, equals: input.channels)
      try window(record, input: input, ringHeight: input.ringHeight)
    case .maxPool2D, .averagePool2D:
      try require(.channels, record.channels, equals: input.channels)
      if !input.isFolded { try window(record, input: input, ringHeight: input.ringHeight) }
    case .globalAveragePool:
      try require(.channels, record.channels, equals: input.channels)
      try pixel(record)
    case .dense: try pixel(record)
    case .add, .softmax, .table, .multiply:
      try shape(record, height: input.height, width: input.width, channels: input.channels)
    case .concat where OpCode.concat.isBuilt, .reshape where OpCode.reshape.isBuilt,
      .upsample where OpCode.upsample.isBuilt, .argmax where OpCode.argmax.isBuilt:
      try moved(record, input)
    default: break
    }
    if record.op.keepsValues {
      try require(.zeroPoint, Int(record.zeroPoint), equals: Int(input.zeroPoint))
    }
    if record.op == .softmax {
      try require(.channels, record.channels, in: 1...ModelFormat.softmaxChannelLimit)
      try require(.zeroPoint, Int(record.zeroPoint), equals: -128)
    }
  }

  /// A max pool that takes over the convolution `folded`, whose edge is never stored, and reads `input` in its place: both
  /// windows lie inside what they move over, and pool windows don't overlap, so that nothing is computed twice.
  func pool(_ record: StoredRecord, takingOver folded: StoredRecord, input: StoredRecord)
    throws(ModelError)
  {
    try window(record, input: folded, ringHeight: folded.height)
    let most = ModelFormat.foldedPoolExtent
    try require(.kernelHeight, record.kernelHeight, in: 1...min(record.strideVertical, most))
    try require(.kernelWidth, record.kernelWidth, in: 1...min(record.strideHorizontal, most))
    try window(folded.pooled(by: record), input: input, ringHeight: input.ringHeight)
  }

  /// An edge's shape is the one that follows from its op.
  func shape(
    _ record: StoredRecord, height: Int, width: Int, channels: Int
  ) throws(ModelError) {
    try require(.height, record.height, equals: height)
    try require(.width, record.width, equals: width)
    try require(.channels, record.channels, equals: channels)
  }

  /// An accumulating op makes one pixel.
  private func pixel(_ record: StoredRecord) throws(ModelError) {
    try require(.height, record.height, equals: 1)
    try require(.width, record.width, equals: 1)
  }

  /// The window's first and last position lie inside the input with its margins, and the ring holds the window.
  private func window(
    _ record: StoredRecord, input: StoredRecord, ringHeight: Int
  ) throws(ModelError) {
    // Without a row in the kernel these are below 1.
    try require(.kernelHeight, record.windowHeight, in: 1...ringHeight)
    let paddedWidth = input.width &+ input.marginLeft &+ input.marginRight
    try require(.kernelWidth, record.windowWidth, in: 1...paddedWidth)
    try require(.stride, record.strideVertical, in: 1...15)
    try require(.stride, record.strideHorizontal, in: 1...15)
    try require(.padding, record.paddingTop, in: 0...input.marginTop)
    try require(.padding, record.paddingLeft, in: 0...input.marginLeft)
    // Extents are below 2^16 and strides below 2^8, a pool's counted: no overflow.
    let lastRow =
      input.marginTop &- record.paddingTop
      &+ (record.height &- 1) &* record.windowStrideVertical &+ record.windowHeight
    try require(.height, lastRow, in: 1...input.paddedHeight)
    let lastColumn =
      input.marginLeft &- record.paddingLeft
      &+ (record.width &- 1) &* record.windowStrideHorizontal &+ record.windowWidth
    try require(.width, lastColumn, in: 1...paddedWidth)
  }

  /// Fields that the op has no use for are zero, so that a model has one form.
  func unused(_ record: StoredRecord) throws(ModelError) {
    let op = record.op
    if !op.hasWindow {
      try require(.unused, record.kernelHeight | record.kernelWidth, equals: 0)
      if op != .upsample {
        try require(.unused, record.strideVertical | record.strideHorizontal, equals: 0)
      }
      try require(.unused, record.paddingTop | record.paddingLeft, equals: 0)
    }
    if !OpCode.isDilationBuilt || op != .conv2D && op != .depthwiseConv2D {
      try require(.dilation, record.dilation, equals: 1)
    }
    if op != .conv2D, !op.hasSecondInput {
      try require(.unused, record.inputOrGroups, equals: 0)
    }
    if !op.hasWeights { try require(.unused, Int(record.encoding), equals: 0) }
    if !op.requantizes {
      try require(.unused, record.leftShift | record.rightShift, equals: 0)
      try require(.unused, Int(record.rounding), equals: 0)
    }
    if op == .input {
      try require(.unused, record.input | record.blockOffset, equals: 0)
      try require(.unused, record.isLaidOut ? 1 : 0, equals: 0)
    }
  }
}
