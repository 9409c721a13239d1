import Network

/// Convolution of each channel by itself, forwards and backwards.
struct DepthwiseConv2DMath: LayerMath {
  private let input: Edge
  private let output: Int
  private let outputShape: Shape
  private let picture: PaddedPicture
  private let weight: Parameter
  private let bias: ConvolutionBias
  private let accumulatorOffset: Int
  private let tables: Tables
  /// How the input's gradient is gathered; nil where the window moves by more than a pixel, and it is scattered.
  private let back: Back?
  /// (kernel pixel, filled-up channels), and the same with the kernel turned around.
  private let weights: Memory<Float>
  private let turned: Memory<Float>

  /// Where the pixels under a window are, from its first, and where each window starts.
  private struct Tables {
    let taps: Memory<Int32>
    let windows: Memory<Int32>
    let pixels: Int
    let tapCount: Int
    let channels: Int

    init(_ picture: PaddedPicture, _ window: Window, output: Shape) {
      taps = Memory(offsets: picture.taps(of: window))
      windows = Memory(offsets: picture.windows(of: window, output: output))
      pixels = output.pixelCount
      tapCount = window.kernel.count
      channels = output.pixelStride
    }

    var product: ChannelProduct {
      ChannelProduct(
        pixels: pixels, windows: windows.start, tapCount: tapCount, taps: taps.start,
        channels: channels)
    }
  }

  /// The input's gradient as a convolution: of the output's with so many zeros around it that there is a window for every
  /// input, by the kernel turned around.
  private struct Back {
    let picture: PaddedPicture
    let tables: Tables

    init?(_ window: Window, margins: Window.Margins, input: Shape, output: Shape) {
      guard window.stride == Size(1) else { return nil }
      var picture = PaddedPicture(
        Window(kernel: window.kernel), input: output, pixel: output.pixelStride)
      let reach = window.extent
      picture.margins = Window.Margins(
        top: reach.height - 1 - margins.top, bottom: reach.height - 1 - margins.bottom,
        left: reach.width - 1 - margins.left, right: reach.width - 1 - margins.right)
      self.picture = picture
      tables = Tables(picture, window, output: input)
    }
  }

  init(
    _ kind: DepthwiseConv2D, input: Edge, inputShape: Shape, output: Int, outputShape: Shape,
    weight: Parameter, bias: Parameter?, accumulatorOffset: Int
  ) {
    self.input = input
    self.output = output
    self.outputShape = outputShape
    let picture = PaddedPicture(
      kind.window, input: inputShape, pixel: inputShape.pixelStride)
    self.picture = picture
    self.weight = weight
    self.bias = ConvolutionBias(bias, shape: outputShape)
    self.accumulatorOffset = accumulatorOffset
    tables = Tables(picture, kind.window, output: outputShape)
    back = Back(kind.window, margins: picture.margins, input: inputShape, output: outputShape)
    weights = Memory(count: kind.window.kernel.count * outputShape.pixelStride)
    turned = Memory(count: weights.count)
  }

  var scratchCount: Int { max(picture.scratchCount, back?.picture.scratchCount ?? 0) }
  var accumulators: Range<Int> {
    accumulatorOffset..<accumulatorOffset + weights.count + bias.sumCount
  }

  /// Calls `body` with each kernel pixel's place in the parameter, and filled up.
  private func eachTap(_ body: (_ place: Int, _ filledUp: Int) -> Void) {
    for tap in 0..<tables.tapCount {
      body(tap * outputShape.channels, tap * outputShape.pixelStride)
    }
  }

  func settle() {
    bias.settle()
    let last = weights.count - outputShape.pixelStride
    eachTap { place, filledUp in
      let values = weight.values + place
      (weights.start + filledUp).update(from: values, count: outputShape.channels)
      (turned.start + (last - filledUp)).update(from: values, count: outputShape.channels)
    }
  }

  func forward(_ picture: Picture, _ context: Context) {
    let x = self.picture.padded(picture.activations[input.value], context.scratch)
    tables.product.gather(
      x, weights.start, start: .bias(bias.values), into: picture.activations[output])
  }

  func backward(_ picture: Picture, _ context: Context) {
    let gradient = UnsafePointer(picture.gradients[output])
    let sums = context.accumulators + accumulatorOffset
    let x = self.picture.padded(picture.activations[input.value], context.scratch)
    tables.product.outer(x, gradient, into: sums)
    bias.backward(gradient, addingTo: sums + weights.count)
    guard input.needsGradient else { return }
    let target = picture.gradients[input.value]
    if let back {
      back.tables.product.gather(
        back.picture.padded(gradient, context.scratch), turned.start,
        start: input.accumulates ? .output : .zero, into: target)
    } else {
      self.picture.inputGradient(
        into: target, accumulates: input.accumulates, context.scratch
      ) { tables.product.scatter(gradient, weights.start, addingTo: $0) }
    }
  }

  func finish(_ block: Block, _ context: Context) {
    let sums = context.accumulators + accumulatorOffset
    let total = block.parameterGradients.start + weight.offset
    eachTap { place, filledUp in
      (total + place).update(from: sums + filledUp, count: outputShape.channels)
    }
    bias.finish(block, sums + weights.count)
  }
}
