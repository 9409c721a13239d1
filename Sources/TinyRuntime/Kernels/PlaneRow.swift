import CTinyRuntime

extension RowWindow {
  /// Whether it is one of 3 x 3 pixels of one channel, which has a kernel of its own. A build of some ops may save that,
  /// for the kernels for any window make it, too.
  @inline(always)
  var isPlane3x3: Bool {
    thimble_has_planes() && channels == 1 && kernelHeight == 3 && kernelWidth == 3
  }

  /// Whether `planeRow` makes it: without a pool, or with one of 2 x 2 windows side by side.
  @inline(always)
  var isPairedPlane3x3: Bool {
    isPlane3x3 && (poolHeight &* poolWidth == 1 || isPool2x2)
  }

  @inline(always)
  fileprivate var isPool2x2: Bool {
    poolHeight == 2 && poolWidth == 2 && poolRowStep == 1 && poolColumnStep == 1
  }
}

/// One output row of a 3 x 3 convolution of one input channel whose weights are in layout `pairs`, or of a max pool over it. Equal to
/// `conv2DRow`, and has the parameters of `pairsRow`.
@inline(always)
func planeRow(
  _ input: Bytes, _ window: RowWindow, weights: Bytes, constants: Bytes, outputChannels: Int,
  _ requantize: Requantizer, into output: MutableBytes
) {
  let first = input.address &+ UInt(bitPattern: window.firstColumn)
  func row(_ index: Int) -> UInt { first &+ UInt(bitPattern: window.offset(ofRow: index)) }
  var plane = thimble_plane_row()
  plane.rows = (row(0), row(1), row(2), window.isPool2x2 ? row(3) : 0)
  plane.weights = weights.address
  plane.constants = constants.address
  plane.output = output.address
  plane.channels = UInt32(truncatingIfNeeded: outputChannels)
  plane.pixels = UInt32(truncatingIfNeeded: window.outputWidth)
  plane.column_step = UInt32(truncatingIfNeeded: window.columnStride)
  plane.offset = requantize.offset
  plane.right_shift = UInt32(bitPattern: requantize.rightShift)
  plane.is_pooled = window.isPool2x2
  plane.run()
}
