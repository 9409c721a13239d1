/// How kernels come by a record's weights.
protocol WeightUse {
  /// One row of a convolution.
  func convolve(
    _ op: Op<some Record>, _ window: RowWindow, _ requantize: Requantizer, into output: MutableBytes
  )
  /// The weights of a depthwise convolution.
  func depthwiseWeights(of op: Op<some Record>) -> Bytes
  /// Adds one input row to the accumulators of a dense layer.
  func accumulate(_ op: Op<some Record>, _ row: Bytes, _ step: Int, into accumulators: MutableBytes)
}

/// Weights of a byte each, as they lie.
struct PlainWeights: WeightUse {
  @inline(always)
  init() {}

  /// Of an op of any kind.
  @inline(always)
  init(of op: Op<some Record>) {}

  @inline(always)
  func convolve(
    _ op: Op<some Record>, _ window: RowWindow, _ requantize: Requantizer, into output: MutableBytes
  ) {
    op.convolve(window, op.whole, requantize, into: output)
  }

  @inline(always)
  func depthwiseWeights(of op: Op<some Record>) -> Bytes { op.weights }

  @inline(always)
  func accumulate(
    _ op: Op<some Record>, _ row: Bytes, _ step: Int, into accumulators: MutableBytes
  ) {
    op.accumulateDense(row, step, into: accumulators)
  }
}

/// Some output channels of a convolution: what their kernel reads.
struct ConvolutionPart {
  /// The input's ring, from the first channel that is read.
  var input: Bytes
  var weights: Bytes
  var constants: Bytes
  var groups: Int
  var channels: Int
}

extension Op {
  /// All channels of a convolution.
  @inline(always)
  var whole: ConvolutionPart {
    ConvolutionPart(
      input: ring, weights: weights, constants: constants, groups: record.inputOrGroups,
      channels: record.channels)
  }
}
