import Network

/// A 3x3 convolution of stride 1, forwards and backwards, by `WinogradTiles`.
struct WinogradConv2DMath: LayerMath {
  private let input: Edge
  private let output: Int
  private let inputShape: Shape
  private let outputShape: Shape
  private let picture: PaddedPicture
  private let tiles: WinogradTiles
  private let weight: Parameter
  private let bias: ConvolutionBias
  private let accumulatorOffset: Int

  /// 0, 1, 2, …
  private let channels: Memory<Int32>
  /// Where each tile of a group is, inputs and outputs.
  private let inputTiles: Memory<Int32>
  private let outputTiles: Memory<Int32>
  /// Spread, (place, input channel, filled-up output channels).
  private let weights: Memory<Float>
  /// Spread, (place, output channel, filled-up input channels).
  private let transposed: Memory<Float>

  /// Whether it can compute a convolution, and faster than `Conv2DMath`.
  static func suits(_ kind: Conv2D, inputShape: Shape, outputShape: Shape) -> Bool {
    kind.window.kernel == Size(3) && kind.window.stride == Size(1) && kind.window.dilation == 1
      && kind.groups == 1 && min(inputShape.channels, outputShape.channels) >= Lanes.scalarCount
      && outputShape.height >= 4 && outputShape.width >= 4
  }

  init(
    _ kind: Conv2D, input: Edge, inputShape: Shape, output: Int, outputShape: Shape,
    weight: Parameter, bias: Parameter?, accumulatorOffset: Int
  ) {
    self.input = input
    self.output = output
    self.inputShape = inputShape
    self.outputShape = outputShape
    var picture = PaddedPicture(
      kind.window, input: inputShape, pixel: inputShape.pixelStride)
    // The last tile is whole, too.
    picture.margins.bottom += outputShape.height % 2
    picture.margins.right += outputShape.width % 2
    self.picture = picture
    tiles = WinogradTiles(
      outputShape: outputShape, inputPixel: picture.pixel, inputRow: picture.row)
    self.weight = weight
    self.bias = ConvolutionBias(bias, shape: outputShape)
    self.accumulatorOffset = accumulatorOffset
    channels = Memory(offsets: 0..<max(inputShape.channels, outputShape.channels))
    inputTiles = Memory(offsets: (0..<WinogradTiles.groupSize).map { $0 * picture.pixel })
    outputTiles = Memory(
      offsets: (0..<WinogradTiles.groupSize).map { $0 * outputShape.pixelStride })
    weights = Memory(
      count: WinogradTiles.places * inputShape.channels * outputShape.pixelStride)
    transposed = Memory(
      count: input.needsGradient
        ? WinogradTiles.places * outputShape.channels * picture.pixel : 0)
  }

  /// From a place to the next: of spread inputs and outputs, of weights, of transposed weights.
  private var inputPlace: Int { WinogradTiles.placeStride(picture.pixel) }
  private var outputPlace: Int { WinogradTiles.placeStride(outputShape.pixelStride) }
  private var weightPlace: Int { inputShape.channels * outputShape.pixelStride }
  private var transposedPlace: Int { outputShape.channels * picture.pixel }

  var scratchCount: Int {
    2 * picture.scratchCount.roundedUpToBorder
      + WinogradTiles.places * (inputPlace + outputPlace)
  }
  var accumulators: Range<Int> {
    let weights = WinogradTiles.places * weightPlace
    return accumulatorOffset..<accumulatorOffset + weights + bias.sumCount
  }

  /// The scratch memory's parts: a picture with its padding, its gradient, and spread inputs and outputs.
  private func split(_ context: Context) -> (
    picture: UnsafeMutablePointer<Float>, gradient: UnsafeMutablePointer<Float>,
    input: UnsafeMutablePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    let count = picture.scratchCount.roundedUpToBorder
    let input = context.scratch + 2 * count
    return (
      context.scratch, context.scratch + count, input, input + WinogradTiles.places * inputPlace
    )
  }

  /// Spreads the weights: `G g G'`.
  func settle() {
    bias.settle()
    let inputs = inputShape.channels
    for output in 0..<outputShape.channels {
      for input in 0..<inputs {
        let kernel = weight.values + output * 9 * inputs + input
        let above = Self.spread(kernel[0], kernel[inputs], kernel[2 * inputs])
        let middle = Self.spread(kernel[3 * inputs], kernel[4 * inputs], kernel[5 * inputs])
        let below = Self.spread(kernel[6 * inputs], kernel[7 * inputs], kernel[8 * inputs])
        let ends = (above + below) / 2
        store(above, row: 0, input, output)
        store(ends + middle / 2, row: 1, input, output)
        store(ends - middle / 2, row: 2, input, output)
        store(below, row: 3, input, output)
      }
    }
  }

  /// A row of three weights times `G'`.
  @inline(__always)
  private static func spread(_ a: Float, _ b: Float, _ c: Float) -> SIMD4<Float> {
    let ends = (a + c) / 2
    return SIMD4(a, ends + b / 2, ends - b / 2, c)
  }

  /// Writes four places of spread weights.
  @inline(__always)
  private func store(_ values: SIMD4<Float>, row: Int, _ input: Int, _ output: Int) {
    for column in 0..<4 {
      let place = 4 &* row &+ column
      weights.start[place &* weightPlace &+ input &* outputShape.pixelStride &+ output] =
        values[column]
      guard self.input.needsGradient else { continue }
      transposed.start[place &* transposedPlace &+ output &* picture.pixel &+ input] =
        values[column]
    }
  }

  func forward(_ picture: Picture, _ context: Context) {
    let scratch = split(context)
    let x = self.picture.padded(picture.activations[input.value], scratch.picture)
    tiles.eachGroup { group in
      tiles.spreadInput(x, group, into: scratch.input)
      let product = GatherProduct(
        pixels: group.count, inputPixels: inputTiles.start, outputPixels: outputTiles.start,
        depth: inputShape.channels, depths: channels.start, channels: outputShape.pixelStride,
        isWide: outputShape.pixelStride % 16 == 0)
      for place in 0..<WinogradTiles.places {
        product(
          scratch.input + place * inputPlace, weights.start + place * weightPlace, start: .zero,
          into: scratch.output + place * outputPlace)
      }
      tiles.gatherOutput(
        scratch.output, bias: bias.values, group, into: picture.activations[output])
    }
  }

  func backward(_ picture: Picture, _ context: Context) {
    let gradient = UnsafePointer(picture.gradients[output])
    let scratch = split(context)
    let sums = context.accumulators + accumulatorOffset
    let x = self.picture.padded(picture.activations[input.value], scratch.picture)
    bias.backward(gradient, addingTo: sums + WinogradTiles.places * weightPlace)
    guard input.needsGradient else {
      tiles.eachGroup { group in
        tiles.spreadGradient(gradient, group, into: scratch.output)
        addWeightGradient(x, group, scratch.input, scratch.output, to: sums)
      }
      return
    }
    self.picture.inputGradient(
      into: picture.gradients[input.value], accumulates: input.accumulates, scratch.gradient
    ) { target in
      tiles.eachGroup { group in
        tiles.spreadGradient(gradient, group, into: scratch.output)
        addWeightGradient(x, group, scratch.input, scratch.output, to: sums)
        let product = GatherProduct(
          pixels: group.count, inputPixels: outputTiles.start, outputPixels: inputTiles.start,
          depth: outputShape.channels, depths: channels.start, channels: self.picture.pixel,
          isWide: self.picture.pixel % 16 == 0)
        for place in 0..<WinogradTiles.places {
          product(
            scratch.output + place * outputPlace, transposed.start + place * transposedPlace,
            start: .zero, into: scratch.input + place * inputPlace)
        }
        tiles.addInputGradient(scratch.input, group, to: target)
      }
    }
  }

  private func addWeightGradient(
    _ x: UnsafePointer<Float>, _ group: Range<Int>, _ inputs: UnsafeMutablePointer<Float>,
    _ gradients: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Float>
  ) {
    tiles.spreadInput(x, group, into: inputs)
    let outer = OuterProduct(
      rows: inputShape.channels, rowOffsets: channels.start, pixels: group.count,
      inputPixels: inputTiles.start, gradientStride: outputShape.pixelStride,
      channels: outputShape.pixelStride, isWide: outputShape.pixelStride % 16 == 0)
    for place in 0..<WinogradTiles.places {
      outer(
        inputs + place * inputPlace, gradients + place * outputPlace,
        into: sums + place * weightPlace)
    }
  }

  /// Gathers the weights' gradient: `G' u G`.
  func finish(_ block: Block, _ context: Context) {
    let sums = context.accumulators + accumulatorOffset
    let inputs = inputShape.channels
    for output in 0..<outputShape.channels {
      for input in 0..<inputs {
        let spread = sums + input * outputShape.pixelStride + output
        func row(_ row: Int) -> SIMD4<Float> {
          let first = spread + 4 * row * weightPlace
          return SIMD4(
            first[0], first[weightPlace], first[2 * weightPlace], first[3 * weightPlace])
        }
        let (u0, u1, u2, u3) = (row(0), row(1), row(2), row(3))
        let total = block.parameterGradients.start + weight.offset + output * 9 * inputs + input
        gather(u0 + (u1 + u2) / 2, into: total, stride: inputs)
        gather((u1 - u2) / 2, into: total + 3 * inputs, stride: inputs)
        gather((u1 + u2) / 2 + u3, into: total + 6 * inputs, stride: inputs)
      }
    }
    bias.finish(block, sums + WinogradTiles.places * weightPlace)
  }

  /// A row of four values times `G`.
  @inline(__always)
  private func gather(
    _ row: SIMD4<Float>, into target: UnsafeMutablePointer<Float>, stride: Int
  ) {
    target[0] = row.x + (row.y + row.z) / 2
    target[stride] = (row.y - row.z) / 2
    target[2 &* stride] = (row.y + row.z) / 2 + row.w
  }
}
