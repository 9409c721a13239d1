extension FieldCheck {
  /// The op against the edge it reads: it reads no row or column that the edge doesn't have.
  func op(_ record: OpRecord, input: OpRecord) throws(ModelError) {
    switch record.op {
    case .input: break
    case .conv2D:
      try require(.groups, record.inputOrGroups, in: 1...255)
      try require(.groups, input.channels % record.inputOrGroups, equals: 0)
      try require(.groups, record.channels % record.inputOrGroups, equals: 0)
      try window(record, input: input)
    case .depthwiseConv2D:
      try require(.channels, record.channels, equals: input.channels)
      try window(record, input: input)
    case .maxPool2D, .averagePool2D:
      try require(.channels, record.channels, equals: input.channels)
      try require(.padding, record.paddingTop | record.paddingLeft, equals: 0)
      if !input.isFolded { try window(record, input: input) }
    case .globalAveragePool:
      try require(.channels, record.channels, equals: input.channels)
      try pixel(record)
    case .dense: try pixel(record)
    case .add, .softmax: try sameShape(record, as: input)
    }
    if record.op == .maxPool2D {
      try require(.zeroPoint, Int(record.zeroPoint), equals: Int(input.zeroPoint))
    }
    if record.op == .softmax {
      try require(.channels, record.channels, in: 1...ModelFormat.softmaxChannelLimit)
      try require(.zeroPoint, Int(record.zeroPoint), equals: -128)
    }
  }

  /// A max pool that takes over the convolution `folded`, whose edge is never stored, and reads `input` in its place: both
  /// windows lie inside what they move over, and pool windows don't overlap, so that nothing is computed twice.
  func pool(_ record: OpRecord, takingOver folded: OpRecord, input: OpRecord) throws(ModelError) {
    var edge = folded
    edge.ringHeight = folded.height
    try window(record, input: edge)
    let most = ModelFormat.foldedPoolExtent
    try require(.kernelHeight, record.kernelHeight, in: 1...min(record.strideVertical, most))
    try require(.kernelWidth, record.kernelWidth, in: 1...min(record.strideHorizontal, most))
    try window(folded.pooled(by: record), input: input)
  }

  /// Two edges added up have one shape.
  func sameShape(_ record: OpRecord, as input: OpRecord) throws(ModelError) {
    try require(.height, record.height, equals: input.height)
    try require(.width, record.width, equals: input.width)
    try require(.channels, record.channels, equals: input.channels)
  }

  /// An accumulating op makes one pixel.
  private func pixel(_ record: OpRecord) throws(ModelError) {
    try require(.height, record.height, equals: 1)
    try require(.width, record.width, equals: 1)
  }

  /// The window's first and last position lie inside the input with its margins, and the ring holds the window.
  private func window(_ record: OpRecord, input: OpRecord) throws(ModelError) {
    try require(.kernelHeight, record.windowHeight, in: 1...input.ringHeight)
    try require(
      .kernelWidth, record.windowWidth, in: 1...input.width &+ input.marginLeft &+ input.marginRight
    )
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
    try require(
      .width, lastColumn, in: 1...input.width &+ input.marginLeft &+ input.marginRight)
  }

  /// Fields that the op has no use for are zero, so that a model has one form.
  func unused(_ record: OpRecord, _ layout: WeightLayout) throws(ModelError) {
    let op = record.op
    if !op.hasWindow {
      try require(.unused, record.kernelHeight | record.kernelWidth, equals: 0)
      try require(.unused, record.strideVertical | record.strideHorizontal, equals: 0)
      try require(.unused, record.paddingTop | record.paddingLeft, equals: 0)
    }
    if op != .conv2D, op != .add {
      try require(.unused, record.inputOrGroups, equals: 0)
    }
    if !op.hasWeights { try require(.unused, Int(record.encoding), equals: 0) }
    if record.isLaidOut {
      let holds =
        switch op {
        case .conv2D: true
        case .depthwiseConv2D: layout.holdsDepthwise
        case .dense: layout.holdsDense
        default: false
        }
      try require(.unused, holds ? 0 : 1, equals: 0)
    }
    if !op.requantizes {
      try require(.unused, record.leftShift | record.rightShift, equals: 0)
      try require(.unused, Int(record.rounding), equals: 0)
    }
    if op == .input { try require(.unused, record.input | record.blockOffset, equals: 0) }
  }
}
