import Network

/// Batch normalization by the running statistics, in training, too: as it will be when it is folded into weights. Weight
/// and bias go on learning.
struct FrozenBatchNormMath: LayerMath {
  private let shape: Shape
  private let input: Edge
  private let output: Int
  private let weight: Parameter
  private let bias: Parameter
  private let runningMean: Parameter
  private let runningVariance: Parameter
  private let accumulatorOffset: Int
  /// What each filled-up channel is multiplied by; what is then added; the mean; and what its distance from the mean is
  /// multiplied by before the weight.
  private let settled: Memory<Float>

  init(
    shape: Shape, input: Edge, output: Int, weight: Parameter, bias: Parameter,
    runningMean: Parameter, runningVariance: Parameter, accumulatorOffset: Int
  ) {
    self.shape = shape
    self.input = input
    self.output = output
    self.weight = weight
    self.bias = bias
    self.runningMean = runningMean
    self.runningVariance = runningVariance
    self.accumulatorOffset = accumulatorOffset
    settled = Memory(count: 4 * shape.pixelStride)
  }

  /// Vectors a pixel.
  private var vectors: Int { shape.pixelStride / Lanes.scalarCount }

  /// The weights' sums and then the biases'.
  var accumulators: Range<Int> { accumulatorOffset..<accumulatorOffset + 2 * shape.pixelStride }

  func settle() {
    let stride = shape.pixelStride
    for channel in 0..<shape.channels {
      let variance = runningVariance.values[channel]
      let factor = BatchNorm.factor(weight: weight.values[channel], variance: variance)
      settled.start[channel] = factor
      settled.start[stride + channel] =
        bias.values[channel] - runningMean.values[channel] * factor
      settled.start[2 * stride + channel] = runningMean.values[channel]
      settled.start[3 * stride + channel] = BatchNorm.factor(weight: 1, variance: variance)
    }
  }

  func forward(_ picture: Picture, _ context: Context) {
    let x = picture.activations[input.value].vectors
    let y = picture.activations[output].vectors
    let (scales, shifts) = (settled.start.vectors, settled.start.vectors + vectors)
    var index = 0
    for _ in 0..<shape.pixelCount {
      for channel in 0..<vectors {
        var value = shifts[channel]
        value.accumulate(x[index], scales[channel])
        y[index] = value
        index &+= 1
      }
    }
  }

  func backward(_ picture: Picture, _ context: Context) {
    let x = picture.activations[input.value].vectors
    let gradient = picture.gradients[output].vectors
    let sums = (context.accumulators + accumulatorOffset).vectors
    let (means, inverses) = (
      settled.start.vectors + 2 * vectors, settled.start.vectors + 3 * vectors
    )
    for channel in 0..<vectors {
      sums[channel] +=
        inverses[channel]
        * sum(shape.pixelCount) {
          let index = $0 &* vectors &+ channel
          return gradient[index] * (x[index] - means[channel])
        }
      sums[vectors + channel] += sum(shape.pixelCount) { gradient[$0 &* vectors &+ channel] }
    }
    guard input.needsGradient else { return }
    let target = picture.gradients[input.value].vectors
    let scales = settled.start.vectors
    var index = 0
    for _ in 0..<shape.pixelCount {
      for channel in 0..<vectors {
        let value = gradient[index] * scales[channel]
        target[index] = input.accumulates ? target[index] + value : value
        index &+= 1
      }
    }
  }

  func finish(_ block: Block, _ context: Context) {
    let sums = context.accumulators + accumulatorOffset
    let total = block.parameterGradients.start
    (total + weight.offset).update(from: sums, count: shape.channels)
    (total + bias.offset).update(from: sums + shape.pixelStride, count: shape.channels)
  }
}
