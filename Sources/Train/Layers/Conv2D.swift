import Network

/// Convolution, forwards and backwards, of any kernel, stride, dilation and number of groups.
struct Conv2DMath: LayerMath {
  private let input: Edge
  private let output: Int
  private let inputShape: Shape
  private let outputShape: Shape
  private let picture: PaddedPicture
  private let groups: Int
  private let weight: Parameter
  private let bias: ConvolutionBias
  private let accumulatorOffset: Int

  /// Where the kernel's pixels are, from the window's first.
  private let taps: [Int]
  /// From inputs to outputs, and for the gradient from outputs to inputs.
  private let forwards: GroupBundles
  private let backwards: GroupBundles
  /// Where the inputs of a sum are, for each bundle forwards: kernel pixel by kernel pixel, channel by channel.
  private let depths: [Memory<Int32>]
  /// 0, 1, 2, …
  private let channels: Memory<Int32>
  /// Where each window starts, and where its outputs are.
  private let windows: Memory<Int32>
  private let outputs: Memory<Int32>
  /// In the order of `forwards`.
  private let weights: Memory<Float>
  /// In the order of `backwards`.
  private let transposed: Memory<Float>

  /// A convolution of an input whose pixels are `inputPixel` floats apart.
  init(
    _ kind: Conv2D, input: Edge, inputShape: Shape, inputPixel: Int, output: Int,
    outputShape: Shape, weight: Parameter, bias: Parameter?, accumulatorOffset: Int
  ) {
    self.input = input
    self.output = output
    self.inputShape = inputShape
    self.outputShape = outputShape
    let picture = PaddedPicture(kind.window, input: inputShape, pixel: inputPixel)
    self.picture = picture
    groups = kind.groups
    self.weight = weight
    self.bias = ConvolutionBias(bias, shape: outputShape)
    self.accumulatorOffset = accumulatorOffset
    let taps = picture.taps(of: kind.window)
    self.taps = taps
    let (inputs, outputs) = (inputShape.channels / groups, outputShape.channels / groups)
    forwards = GroupBundles(groups: groups, inputs: inputs, outputs: outputs, taps: taps.count)
    backwards = GroupBundles(groups: groups, inputs: outputs, outputs: inputs, taps: taps.count)
    depths = forwards.bundles.map { bundle in
      Memory(offsets: taps.flatMap { tap in bundle.inputs.map { tap + $0 } })
    }
    channels = Memory(offsets: 0..<outputShape.channels)
    windows = Memory(offsets: picture.windows(of: kind.window, output: outputShape))
    self.outputs = Memory(
      offsets: (0..<outputShape.pixelCount).map { $0 * outputShape.pixelStride })
    weights = Memory(count: forwards.weightCount)
    transposed = Memory(count: input.needsGradient ? backwards.weightCount : 0)
  }

  /// The channels that a group reads and writes.
  private var groupInputs: Int { inputShape.channels / groups }
  private var groupOutputs: Int { outputShape.channels / groups }

  var scratchCount: Int { picture.scratchCount }
  var accumulators: Range<Int> {
    accumulatorOffset..<accumulatorOffset + forwards.weightCount + bias.sumCount
  }

  /// A kernel pixel's weights from all the inputs of an output's group: where they are in the parameter; where the first
  /// is forwards, and how far the next; where the first is backwards, the next one beside it.
  private struct WeightRun {
    var place: Int
    var forward: Int
    var stride: Int
    var backward: Int
  }

  private func eachRun(_ body: (WeightRun) -> Void) {
    var place = 0
    for output in 0..<outputShape.channels {
      let first = output / groupOutputs * groupInputs
      let bundle = forwards.bundle(writing: output)
      let back = backwards.bundle(writing: first)
      for tap in taps.indices {
        body(
          WeightRun(
            place: place, forward: bundle.place(tap: tap, input: first, output: output),
            stride: bundle.width, backward: back.place(tap: tap, input: output, output: first)))
        place += groupInputs
      }
    }
  }

  func settle() {
    bias.settle()
    let count = groupInputs
    eachRun { run in
      let values = weight.values + run.place
      let target = weights.start + run.forward
      for index in 0..<count { target[index &* run.stride] = values[index] }
      guard input.needsGradient else { return }
      (transposed.start + run.backward).update(from: values, count: count)
    }
  }

  func forward(_ picture: Picture, _ context: Context) {
    let x = self.picture.padded(picture.activations[input.value], context.scratch)
    for (bundle, depths) in zip(forwards.bundles, depths) {
      let product = GatherProduct(
        pixels: outputShape.pixelCount, inputPixels: windows.start, outputPixels: outputs.start,
        depth: taps.count * bundle.inputs.count, depths: depths.start, channels: bundle.width,
        isWide: bundle.isWide)
      product(
        x, weights.start + bundle.start, start: .bias(bias.values + bundle.firstOutput),
        into: picture.activations[output] + bundle.firstOutput)
    }
  }

  func backward(_ picture: Picture, _ context: Context) {
    let gradient = UnsafePointer(picture.gradients[output])
    let sums = context.accumulators + accumulatorOffset
    let x = self.picture.padded(picture.activations[input.value], context.scratch)
    for (bundle, depths) in zip(forwards.bundles, depths) {
      let outer = OuterProduct(
        rows: taps.count * bundle.inputs.count, rowOffsets: depths.start,
        pixels: outputShape.pixelCount, inputPixels: windows.start,
        gradientStride: outputShape.pixelStride, channels: bundle.width, isWide: bundle.isWide)
      outer(x, gradient + bundle.firstOutput, into: sums + bundle.start)
    }
    bias.backward(gradient, addingTo: sums + forwards.weightCount)
    guard input.needsGradient else { return }
    self.picture.inputGradient(
      into: picture.gradients[input.value], accumulates: input.accumulates, context.scratch
    ) { target in
      for bundle in backwards.bundles { addInputGradient(gradient, bundle, to: target) }
    }
  }

  private func addInputGradient(
    _ gradient: UnsafePointer<Float>, _ bundle: GroupBundles.Bundle,
    to target: UnsafeMutablePointer<Float>
  ) {
    let product = GatherProduct(
      pixels: outputShape.pixelCount, inputPixels: outputs.start, outputPixels: windows.start,
      depth: bundle.inputs.count, depths: channels.start, channels: bundle.width,
      isWide: bundle.isWide)
    for (index, tap) in taps.enumerated() {
      let weights =
        transposed.start + bundle.start + index * bundle.inputs.count * bundle.width
      product(
        gradient + bundle.inputs.lowerBound, weights, start: .output,
        into: target + tap + bundle.firstOutput)
    }
  }

  func finish(_ block: Block, _ context: Context) {
    let sums = context.accumulators + accumulatorOffset
    let total = block.parameterGradients.start + weight.offset
    let count = groupInputs
    eachRun { run in
      let source = sums + run.forward
      for index in 0..<count { total[run.place &+ index] = source[index &* run.stride] }
    }
    bias.finish(block, sums + forwards.weightCount)
  }
}
