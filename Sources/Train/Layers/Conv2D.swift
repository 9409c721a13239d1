import Network

/// Convolution, grouped or not, forwards and backwards; also the dense layer, whose kernel is the
/// whole picture.
struct Conv2DMath: LayerMath {
  private let input: Edge
  private let output: Int
  private let outputShape: Shape
  private let picture: PaddedPicture
  private let kernel: Size
  private let stride: Size
  private let dilation: Int
  private let groups: Int
  private let weight: Parameter
  private let bias: Parameter?

  init(
    _ kind: Conv2D, input: Edge, inputShape: Shape, output: Int, outputShape: Shape,
    weight: Parameter, bias: Parameter?
  ) {
    self.input = input
    self.output = output
    self.outputShape = outputShape
    picture = PaddedPicture(kind.window, input: inputShape)
    kernel = kind.window.kernel
    stride = kind.window.stride
    dilation = kind.window.dilation
    groups = kind.groups
    self.weight = weight
    self.bias = bias
  }

  private var inputChannels: Int { picture.shape.channels }
  private var groupInputs: Int { inputChannels / groups }
  private var groupOutputs: Int { outputShape.channels / groups }
  private var paddedRow: Int { picture.width * inputChannels }
  private var outputRow: Int { outputShape.width * outputShape.channels }
  /// The number of weights of one output channel.
  private var channelWeights: Int { kernel.count * groupInputs }
  /// Without groups and gaps, a kernel row's columns lie next to each other: one run. With them, each is
  /// a run.
  private var isOneRun: Bool { groups == 1 && dilation == 1 }
  private var runsPerRow: Int { isOneRun ? 1 : kernel.width }
  private var run: Int { isOneRun ? kernel.width * groupInputs : groupInputs }
  /// From a pixel under the window to the next below it and beside it.
  private var kernelRow: Int { dilation * paddedRow }
  private var kernelColumn: Int { dilation * inputChannels }

  var scratchCount: Int {
    (picture.isBare ? 0 : picture.count) + outputShape.channels * channelWeights
  }

  func forward(_ block: Block, _ context: Context) {
    let x = paddedInput(block, context)
    let y = block.activations[output]
    let sum = WeightedSum(
      pixels: outputShape.width, channels: groupOutputs, rows: kernel.height, run: run,
      inputPixelStride: stride.width * inputChannels, inputRowStride: kernelRow,
      outputPixelStride: outputShape.channels, weightChannelStride: channelWeights,
      weightRowStride: kernel.width * groupInputs, weightStride: 1)
    for row in 0..<outputShape.height {
      for group in 0..<groups {
        let first = group * groupOutputs
        for column in 0..<runsPerRow {
          let start: WeightedSum.Start =
            column > 0 ? .output : bias.map { .bias($0.values + first) } ?? .zero
          sum(
            x + row * stride.height * paddedRow + column * kernelColumn + group * groupInputs,
            weight.values + first * channelWeights + column * groupInputs, start: start,
            into: y + row * outputRow + first)
        }
      }
    }
  }

  func backward(_ block: Block, _ context: Context) {
    weightGradient(block, context)
    if let bias { biasGradient(bias, block) }
    if input.needsGradient { inputGradient(block, context) }
  }

  private func paddedInput(_ block: Block, _ context: Context) -> UnsafePointer<Lanes> {
    let x = block.activations[input.value]
    guard !picture.isBare else { return UnsafePointer(x) }
    picture.pad(x, into: context.scratch)
    return UnsafePointer(context.scratch)
  }

  private func weightGradient(_ block: Block, _ context: Context) {
    let x = paddedInput(block, context)
    let gradient = block.gradients[output]
    let count = outputShape.channels * channelWeights
    let sums = context.scratch + (picture.isBare ? 0 : picture.count)
    sums.update(repeating: .zero, count: count)
    let sum = WeightGradient(
      pixels: outputShape.width, channels: groupOutputs, run: run,
      inputPixelStride: stride.width * inputChannels, gradientPixelStride: outputShape.channels,
      sumChannelStride: channelWeights)
    for row in 0..<outputShape.height {
      for group in 0..<groups {
        for y in 0..<kernel.height {
          for column in 0..<runsPerRow {
            sum(
              x + row * stride.height * paddedRow + y * kernelRow + column * kernelColumn
                + group * groupInputs,
              gradient + row * outputRow + group * groupOutputs,
              into: sums + group * groupOutputs * channelWeights
                + (y * kernel.width + column) * groupInputs)
          }
        }
      }
    }
    let total = block.parameterGradients + weight.offset
    for index in 0..<count { total[index] = block.total(sums[index]) }
  }

  private func biasGradient(_ bias: Parameter, _ block: Block) {
    let gradient = block.gradients[output]
    for channel in 0..<outputShape.channels {
      var sum = Lanes.zero
      for pixel in 0..<outputShape.height * outputShape.width {
        sum += gradient[pixel &* outputShape.channels &+ channel]
      }
      block.parameterGradients[bias.offset + channel] = block.total(sum)
    }
  }

  private func inputGradient(_ block: Block, _ context: Context) {
    let gradient = block.gradients[output]
    let target = picture.isBare ? block.gradients[input.value] : context.scratch
    if !picture.isBare || !input.accumulates {
      target.update(repeating: .zero, count: picture.count)
    }
    let sum = WeightedSum(
      pixels: outputShape.width, channels: groupInputs, rows: 1, run: groupOutputs,
      inputPixelStride: outputShape.channels, inputRowStride: 0,
      outputPixelStride: stride.width * inputChannels, weightChannelStride: 1,
      weightRowStride: 0, weightStride: channelWeights)
    for row in 0..<outputShape.height {
      for y in 0..<kernel.height {
        for column in 0..<kernel.width {
          let pixel = row * stride.height * paddedRow + y * kernelRow + column * kernelColumn
          for group in 0..<groups {
            sum(
              gradient + row * outputRow + group * groupOutputs,
              weight.values + group * groupOutputs * channelWeights
                + (y * kernel.width + column) * groupInputs,
              start: .output, into: target + pixel + group * groupInputs)
          }
        }
      }
    }
    if !picture.isBare {
      picture.crop(
        target, into: block.gradients[input.value], accumulates: input.accumulates)
    }
  }
}
