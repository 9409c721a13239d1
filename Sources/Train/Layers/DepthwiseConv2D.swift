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
  /// Where the kernel's pixels are, from the window's first, and where each window starts, in vectors.
  private let taps: Memory<Int32>
  private let windows: Memory<Int32>
  /// (kernel pixel, filled-up channels).
  private let weights: Memory<Float>

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
    let window = kind.window
    let (row, pixel) = (picture.row / Lanes.scalarCount, picture.pixel / Lanes.scalarCount)
    taps = Memory(
      offsets: (0..<window.kernel.count).map {
        window.dilation * ($0 / window.kernel.width * row + $0 % window.kernel.width * pixel)
      })
    windows = Memory(
      offsets: (0..<outputShape.pixelCount).map {
        $0 / outputShape.width * window.stride.height * row
          + $0 % outputShape.width * window.stride.width * pixel
      })
    weights = Memory(count: window.kernel.count * outputShape.pixelStride)
  }

  /// Vectors a pixel.
  private var channels: Int { outputShape.pixelStride / Lanes.scalarCount }
  private var pixels: Int { outputShape.pixelCount }
  /// The number of the kernel's pixels.
  private var tapCount: Int { weights.count / outputShape.pixelStride }

  var scratchCount: Int { picture.scratchCount }
  var accumulators: Range<Int> {
    accumulatorOffset..<accumulatorOffset + weights.count + bias.sumCount
  }

  /// Calls `body` with each kernel pixel's place in the parameter, and filled up.
  private func eachTap(_ body: (_ place: Int, _ filledUp: Int) -> Void) {
    for tap in 0..<tapCount { body(tap * outputShape.channels, tap * outputShape.pixelStride) }
  }

  func settle() {
    bias.settle()
    eachTap { place, filledUp in
      (weights.start + filledUp).update(from: weight.values + place, count: outputShape.channels)
    }
  }

  func forward(_ picture: Picture, _ context: Context) {
    let x = self.picture.padded(picture.activations[input.value], context.scratch).vectors
    let y = picture.activations[output].vectors
    let (w, bias) = (weights.start.vectors, bias.values.vectors)
    for pixel in 0..<pixels {
      let window = x + Int(windows.start[pixel])
      for channel in 0..<channels {
        var sum = bias[channel]
        for tap in 0..<tapCount {
          sum.accumulate(
            window[Int(taps.start[tap]) &+ channel], w[tap &* channels &+ channel])
        }
        y[pixel &* channels &+ channel] = sum
      }
    }
  }

  func backward(_ picture: Picture, _ context: Context) {
    let x = self.picture.padded(picture.activations[input.value], context.scratch).vectors
    let gradient = picture.gradients[output]
    let sums = context.accumulators + accumulatorOffset
    bias.backward(gradient, addingTo: sums + weights.count)
    let g = gradient.vectors
    for channel in 0..<channels {
      for tap in 0..<tapCount {
        let row = x + (Int(taps.start[tap]) &+ channel)
        sums.vectors[tap &* channels &+ channel] += sum(pixels) { pixel in
          row[Int(windows.start[pixel])] * g[pixel &* channels &+ channel]
        }
      }
    }
    guard input.needsGradient else { return }
    let w = weights.start.vectors
    self.picture.inputGradient(
      into: picture.gradients[input.value], accumulates: input.accumulates, context.scratch
    ) { target in
      for pixel in 0..<pixels {
        let window = target.vectors + Int(windows.start[pixel])
        for channel in 0..<channels {
          let value = g[pixel &* channels &+ channel]
          for tap in 0..<tapCount {
            window[Int(taps.start[tap]) &+ channel].accumulate(
              value, w[tap &* channels &+ channel])
          }
        }
      }
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
