/// A grouped convolution as dense ones: neighbouring groups go together, as few as fill whole vectors of outputs. Only
/// between the groups of such a bundle are there weights of 0.
struct GroupBundles {
  /// One of the dense convolutions.
  struct Bundle {
    /// The channels read.
    var inputs: Range<Int>
    /// The first channel written.
    var firstOutput: Int
    /// The channels written, filled up to a multiple of eight; also from a row of weights to the next.
    var width: Int
    /// Where its weights are: (kernel pixel, input, filled-up output).
    var start: Int

    /// Whether outputs and weights start on borders of sixteen floats.
    var isWide: Bool { (firstOutput | width | start) % 16 == 0 }

    /// Where the weight between two channels at a kernel pixel is.
    func place(tap: Int, input: Int, output: Int) -> Int {
      let row = tap * inputs.count + input - inputs.lowerBound
      return start + row * width + output - firstOutput
    }
  }

  let bundles: [Bundle]
  /// The number of weights, zeros and filling included.
  let weightCount: Int
  /// The channels that a group writes.
  private let outputs: Int
  /// The number of groups in a bundle; the last one may hold fewer.
  private let size: Int

  /// Bundles of `groups` that read `inputs` and write `outputs` channels each, under `taps` kernel pixels.
  init(groups: Int, inputs: Int, outputs: Int, taps: Int) {
    self.outputs = outputs
    // Eight over the greatest common divisor: the largest power of two in the outputs, at most eight.
    let size = min(groups, Lanes.scalarCount / min(outputs & -outputs, Lanes.scalarCount))
    self.size = size
    var bundles: [Bundle] = []
    var start = 0
    for group in stride(from: 0, to: groups, by: size) {
      let count = min(size, groups - group)
      let bundle = Bundle(
        inputs: group * inputs..<(group + count) * inputs, firstOutput: group * outputs,
        width: (count * outputs).roundedUpToVector, start: start)
      bundles.append(bundle)
      start += taps * bundle.inputs.count * bundle.width
    }
    self.bundles = bundles
    weightCount = start
  }

  /// The bundle that writes a channel.
  func bundle(writing output: Int) -> Bundle { bundles[output / outputs / size] }
}
