import Network

/// Convolution, forwards and backwards, of any kernel, stride, dilation and number of groups. Groups are computed as one
/// with zeros between them.
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
  /// Where the inputs of a sum are: kernel pixel by kernel pixel, channel by channel.
  private let depths: Memory<Int32>
  /// 0, 1, 2, …
  private let channels: Memory<Int32>
  /// Where each window starts, and where its outputs are.
  private let windows: Memory<Int32>
  private let outputs: Memory<Int32>
  /// (kernel pixel, input channel, filled-up output channels).
  private let weights: Memory<Float>
  /// (kernel pixel, output channel, filled-up input channels).
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
    let kernel = kind.window.kernel
    let taps = (0..<kernel.count).map {
      kind.window.dilation
        * ($0 / kernel.width * picture.row + $0 % kernel.width * picture.pixel)
    }
    self.taps = taps
    depths = Memory(offsets: taps.flatMap { tap in (0..<inputShape.channels).map { tap + $0 } })
    channels = Memory(offsets: 0..<outputShape.channels)
    windows = Memory(
      offsets: (0..<outputShape.pixelCount).map {
        $0 / outputShape.width * kind.window.stride.height * picture.row
          + $0 % outputShape.width * kind.window.stride.width * picture.pixel
      })
    outputs = Memory(offsets: (0..<outputShape.pixelCount).map { $0 * outputShape.pixelStride })
    weights = Memory(count: taps.count * inputShape.channels * outputShape.pixelStride)
    transposed = Memory(
      count: input.needsGradient ? taps.count * outputShape.channels * picture.pixel : 0)
  }

  /// The number of inputs of a sum.
  private var depth: Int { taps.count * inputShape.channels }

  var scratchCount: Int { picture.scratchCount }
  var accumulators: Range<Int> {
    accumulatorOffset..<accumulatorOffset + depth * outputShape.pixelStride + bias.sumCount
  }

  /// Calls `body` with each weight's place in the parameter, its kernel pixel and its channels.
  private func eachWeight(_ body: (_ place: Int, _ tap: Int, _ input: Int, _ output: Int) -> Void) {
    let groupInputs = inputShape.channels / groups
    let groupOutputs = outputShape.channels / groups
    var place = 0
    for output in 0..<outputShape.channels {
      let first = output / groupOutputs * groupInputs
      for tap in taps.indices {
        for input in first..<first + groupInputs {
          body(place, tap, input, output)
          place += 1
        }
      }
    }
  }

  func settle() {
    bias.settle()
    eachWeight { place, tap, input, output in
      let value = weight.values[place]
      weights.start[(tap * inputShape.channels + input) * outputShape.pixelStride + output] = value
      guard self.input.needsGradient else { return }
      transposed.start[(tap * outputShape.channels + output) * picture.pixel + input] = value
    }
  }

  func forward(_ picture: Picture, _ context: Context) {
    let x = self.picture.padded(picture.activations[input.value], context.scratch)
    let product = GatherProduct(
      pixels: outputShape.pixelCount, inputPixels: windows.start, outputPixels: outputs.start,
      depth: depth, depths: depths.start, channels: outputShape.pixelStride)
    product(x, weights.start, start: .bias(bias.values), into: picture.activations[output])
  }

  func backward(_ picture: Picture, _ context: Context) {
    let gradient = UnsafePointer(picture.gradients[output])
    let sums = context.accumulators + accumulatorOffset
    let x = self.picture.padded(picture.activations[input.value], context.scratch)
    let outer = OuterProduct(
      rows: depth, rowOffsets: depths.start, pixels: outputShape.pixelCount,
      inputPixels: windows.start, channels: outputShape.pixelStride)
    outer(x, gradient, into: sums)
    bias.backward(gradient, addingTo: sums + depth * outputShape.pixelStride)
    guard input.needsGradient else { return }
    let product = GatherProduct(
      pixels: outputShape.pixelCount, inputPixels: outputs.start, outputPixels: windows.start,
      depth: outputShape.channels, depths: channels.start, channels: self.picture.pixel)
    self.picture.inputGradient(
      into: picture.gradients[input.value], accumulates: input.accumulates, context.scratch
    ) { target in
      for (index, tap) in taps.enumerated() {
        let weights = transposed.start + index * outputShape.channels * self.picture.pixel
        product(gradient, weights, start: .output, into: target + tap)
      }
    }
  }

  func finish(_ block: Block, _ context: Context) {
    let sums = context.accumulators + accumulatorOffset
    let total = block.parameterGradients.start + weight.offset
    eachWeight { place, tap, input, output in
      total[place] = sums[(tap * inputShape.channels + input) * outputShape.pixelStride + output]
    }
    bias.finish(block, sums + depth * outputShape.pixelStride)
  }
}
