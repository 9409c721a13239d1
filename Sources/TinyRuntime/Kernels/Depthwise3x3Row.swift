import CTinyRuntime

extension RowWindow {
  /// Whether `depthwise3x3Row` makes it.
  @inline(always)
  func isDepthwise3x3(_ requantize: Requantizer) -> Bool {
    thimble_has_dsp() && isThreeByThree(requantize)
  }

  /// Whether a kernel is 3 x 3, without a pool, and what is requantized without a left shift.
  @inline(always)
  func isThreeByThree(_ requantize: Requantizer) -> Bool {
    kernelHeight == 3 && kernelWidth == 3 && poolHeight &* poolWidth == 1
      && requantize.leftShift == 0
  }
}

/// One output row of a 3 x 3 depthwise convolution whose weights are in fours, by Arm's DSP instructions. Equal to
/// `depthwiseConv2DRow`, whose parameters it has.
@inline(always)
func depthwise3x3Row(
  _ input: Bytes, _ window: RowWindow, weights: Bytes, constants: Bytes,
  _ requantize: Requantizer, into output: MutableBytes
) {
  let rows = (window.offset(ofRow: 0), window.offset(ofRow: 1), window.offset(ofRow: 2))
  var arguments = thimble_depthwise()
  arguments.to_second_row = Int32(truncatingIfNeeded: rows.1 &- rows.0)
  arguments.to_third_row = Int32(truncatingIfNeeded: rows.2 &- rows.1)
  arguments.channels = Int32(truncatingIfNeeded: window.channels)
  arguments.weights = weights.address
  arguments.constants = constants.address
  arguments.offset = requantize.offset
  arguments.right_shift = UInt32(bitPattern: requantize.rightShift)
  var first = input.advanced(by: rows.0 &+ window.firstColumn)
  var pixel = output
  for _ in 0..<window.outputWidth {
    arguments.input = first.address
    arguments.output = pixel.address
    pixel = pixel.advanced(by: window.channels)
    arguments.output_end = pixel.address
    arguments.run3x3()
    first = first.advanced(by: window.columnStride)
  }
}
