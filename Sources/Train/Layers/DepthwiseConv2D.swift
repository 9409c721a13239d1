import Network

/// Convolution of each channel by itself, forwards and backwards.
struct DepthwiseConv2DMath: LayerMath {
  private let input: Edge
  private let output: Int
  private let outputShape: Shape
  private let picture: PaddedPicture
  private let kernel: Size
  private let stride: Size
  private let dilation: Int
  private let weight: Parameter
  private let bias: Parameter?

  init(
    _ kind: DepthwiseConv2D, input: Edge, inputShape: Shape, output: Int, outputShape: Shape,
    weight: Parameter, bias: Parameter?
  ) {
    self.input = input
    self.output = output
    self.outputShape = outputShape
    picture = PaddedPicture(kind.window, input: inputShape)
    kernel = kind.window.kernel
    stride = kind.window.stride
    dilation = kind.window.dilation
    self.weight = weight
    self.bias = bias
  }

  private var channels: Int { outputShape.channels }

  var scratchCount: Int { picture.isBare ? 0 : picture.count }

  /// Calls `body` with the offset of each output pixel and of the first input pixel under its
  /// window.
  @inline(__always)
  private func eachPixel(_ body: (_ output: Int, _ input: Int) -> Void) {
    for row in 0..<outputShape.height {
      for column in 0..<outputShape.width {
        body(
          (row &* outputShape.width &+ column) &* channels,
          (row &* stride.height &* picture.width &+ column &* stride.width) &* channels)
      }
    }
  }

  /// The offset, under the window, of each of the kernel's pixels.
  @inline(__always)
  private func eachKernelPixel(_ body: (_ kernel: Int, _ input: Int) -> Void) {
    for row in 0..<kernel.height {
      for column in 0..<kernel.width {
        body(
          (row &* kernel.width &+ column) &* channels,
          (row &* picture.width &+ column) &* dilation &* channels)
      }
    }
  }

  func forward(_ block: Block, _ context: Context) {
    let x = paddedInput(block, context)
    let y = block.activations[output]
    let w = weight.values
    eachPixel { output, first in
      for channel in 0..<channels {
        var sum = Lanes(repeating: bias.map { $0.values[channel] } ?? 0)
        eachKernelPixel { kernel, offset in
          sum.accumulate(
            x[first &+ offset &+ channel], Lanes(repeating: w[kernel &+ channel]))
        }
        y[output &+ channel] = sum
      }
    }
  }

  func backward(_ block: Block, _ context: Context) {
    let x = paddedInput(block, context)
    let gradient = block.gradients[output]
    let total = block.parameterGradients
    for channel in 0..<channels {
      eachKernelPixel { kernel, offset in
        var sum = Lanes.zero
        eachPixel { output, first in
          sum.accumulate(x[first &+ offset &+ channel], gradient[output &+ channel])
        }
        total[weight.offset &+ kernel &+ channel] = block.total(sum)
      }
      if let bias {
        var sum = Lanes.zero
        eachPixel { output, _ in sum += gradient[output &+ channel] }
        total[bias.offset &+ channel] = block.total(sum)
      }
    }
    if input.needsGradient { inputGradient(block, context) }
  }

  private func inputGradient(_ block: Block, _ context: Context) {
    let gradient = block.gradients[output]
    let target = picture.isBare ? block.gradients[input.value] : context.scratch
    if !picture.isBare || !input.accumulates {
      target.update(repeating: .zero, count: picture.count)
    }
    let w = weight.values
    eachPixel { output, first in
      eachKernelPixel { kernel, offset in
        for channel in 0..<channels {
          target[first &+ offset &+ channel].accumulate(
            gradient[output &+ channel], Lanes(repeating: w[kernel &+ channel]))
        }
      }
    }
    if !picture.isBare {
      picture.crop(
        target, into: block.gradients[input.value], accumulates: input.accumulates)
    }
  }

  private func paddedInput(_ block: Block, _ context: Context) -> UnsafePointer<Lanes> {
    let x = block.activations[input.value]
    guard !picture.isBare else { return UnsafePointer(x) }
    picture.pad(x, into: context.scratch)
    return UnsafePointer(context.scratch)
  }
}
