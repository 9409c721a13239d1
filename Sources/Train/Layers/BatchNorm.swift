import Network

/// Batch normalization, and the rectifier after it where it alone reads the output.
///
/// Statistics are of the whole batch: each picture's mean and sum of squared deviations are joined
/// into its block's, and the blocks' in their order, in double (Chan, Golub and LeVeque, 1979).
struct BatchNormMath: BatchMath {
  private let shape: Shape
  private let input: Edge
  private let output: Int
  private let rectifies: Bool
  private let weight: Parameter
  private let bias: Parameter
  private let runningMean: Parameter
  private let runningVariance: Parameter
  private let sumOffset: Int
  private let settled: Settled

  /// What the batch settled for each channel. Forwards, `output = scale * input + shift`;
  /// backwards, `gradient = scale * gradient + slope * input + offset`.
  private final class Settled: @unchecked Sendable {
    let scale: UnsafeMutablePointer<Float>
    let shift: UnsafeMutablePointer<Float>
    let mean: UnsafeMutablePointer<Float>
    let inverseDeviation: UnsafeMutablePointer<Float>
    let slope: UnsafeMutablePointer<Float>
    let offset: UnsafeMutablePointer<Float>

    private let memory: Memory<Float>

    /// Six values for each of `count` filled-up channels.
    init(count: Int) {
      memory = Memory(count: 6 * count)
      scale = memory.start
      shift = memory.start + count
      mean = memory.start + 2 * count
      inverseDeviation = memory.start + 3 * count
      slope = memory.start + 4 * count
      offset = memory.start + 5 * count
    }
  }

  init(
    shape: Shape, input: Edge, output: Int, rectifies: Bool, weight: Parameter,
    bias: Parameter, runningMean: Parameter, runningVariance: Parameter, sumOffset: Int
  ) {
    self.shape = shape
    self.input = input
    self.output = output
    self.rectifies = rectifies
    self.weight = weight
    self.bias = bias
    self.runningMean = runningMean
    self.runningVariance = runningVariance
    self.sumOffset = sumOffset
    settled = Settled(count: shape.pixelStride)
  }

  var sums: Range<Int> { sumOffset..<sumOffset + 2 * channels }

  private var channels: Int { shape.channels }
  private var pixels: Int { shape.pixelCount }
  /// Vectors a pixel.
  private var vectors: Int { shape.pixelStride / Lanes.scalarCount }

  /// Calls `body` with every vector's index and its channels', in the order of memory.
  @inline(__always)
  private func eachVector(_ body: (_ index: Int, _ channels: Int) -> Void) {
    var index = 0
    for _ in 0..<pixels {
      for channels in 0..<vectors {
        body(index, channels)
        index &+= 1
      }
    }
  }

  func observe(_ picture: Picture, of block: Block, _ context: Context) {
    let x = picture.activations[input.value].vectors
    for channel in 0..<vectors {
      let mean = sum(pixels) { x[$0 &* vectors &+ channel] } / Float(pixels)
      let squares = sum(pixels) {
        let deviation = x[$0 &* vectors &+ channel] - mean
        return deviation * deviation
      }
      let first = channel * Lanes.scalarCount
      for lane in 0..<min(Lanes.scalarCount, channels - first) {
        let sums = block.sums.start + sumOffset + 2 * (first + lane)
        if picture.position == 0 { (sums[0], sums[1]) = (0, 0) }
        var moments = Moments(
          count: Double(picture.position * pixels), mean: sums[0], squares: sums[1])
        moments.join(
          Moments(
            count: Double(pixels), mean: Double(mean[lane]), squares: Double(squares[lane])))
        (sums[0], sums[1]) = (moments.mean, moments.squares)
      }
    }
  }

  func settle(_ blocks: ArraySlice<Block>, share: Float) {
    for channel in 0..<channels {
      var moments = Moments(count: 0, mean: 0, squares: 0)
      for block in blocks {
        let sums = block.sums.start + sumOffset + 2 * channel
        moments.join(
          Moments(count: Double(pixels * block.count), mean: sums[0], squares: sums[1]))
      }
      let (mean, variance) = (moments.mean, moments.squares / moments.count)
      settle(channel, mean: Float(mean), variance: Float(variance))
      runningMean.values[channel] =
        (1 - share) * runningMean.values[channel] + share * Float(mean)
      runningVariance.values[channel] =
        (1 - share) * runningVariance.values[channel] + share * Float(variance)
    }
  }

  func settleForInference() {
    for channel in 0..<channels {
      settle(
        channel, mean: runningMean.values[channel], variance: runningVariance.values[channel])
    }
  }

  private func settle(_ channel: Int, mean: Float, variance: Float) {
    let inverseDeviation = 1 / (variance + BatchNorm.epsilon).squareRoot()
    settled.mean[channel] = mean
    settled.inverseDeviation[channel] = inverseDeviation
    settled.scale[channel] = weight.values[channel] * inverseDeviation
    settled.shift[channel] = bias.values[channel] - mean * settled.scale[channel]
  }

  func forward(_ picture: Picture, _ context: Context) {
    let x = picture.activations[input.value].vectors
    let y = picture.activations[output].vectors
    let (scale, shift) = (settled.scale.vectors, settled.shift.vectors)
    eachVector { index, channels in
      let value = normalized(x[index], scale[channels], shift[channels])
      y[index] = rectifies ? value.replacing(with: 0, where: value .< 0) : value
    }
  }

  @inline(__always)
  private func normalized(_ x: Lanes, _ scale: Lanes, _ shift: Lanes) -> Lanes {
    var value = shift
    value.accumulate(x, scale)
    return value
  }

  /// The gradient by the normalized value: nothing where the rectifier was closed.
  @inline(__always)
  private func opened(_ gradient: Lanes, _ x: Lanes, _ scale: Lanes, _ shift: Lanes) -> Lanes {
    guard rectifies else { return gradient }
    return Lanes.zero.replacing(with: gradient, where: normalized(x, scale, shift) .> 0)
  }

  func observeGradient(_ picture: Picture, of block: Block, _ context: Context) {
    let x = picture.activations[input.value].vectors
    let gradient = picture.gradients[output].vectors
    for channel in 0..<vectors {
      let scale = settled.scale.vectors[channel]
      let shift = settled.shift.vectors[channel]
      let mean = settled.mean.vectors[channel]
      let (total, products) = sumWithProducts(pixels) {
        let index = $0 &* vectors &+ channel
        return (opened(gradient[index], x[index], scale, shift), x[index] - mean)
      }
      let normalizedProducts = products * settled.inverseDeviation.vectors[channel]
      let first = channel * Lanes.scalarCount
      for lane in 0..<min(Lanes.scalarCount, channels - first) {
        let sums = block.sums.start + sumOffset + 2 * (first + lane)
        if picture.position == 0 { (sums[0], sums[1]) = (0, 0) }
        sums[0] += Double(total[lane])
        sums[1] += Double(normalizedProducts[lane])
      }
    }
    guard picture.position == block.count - 1 else { return }
    for channel in 0..<channels {
      let sums = block.sums.start + sumOffset + 2 * channel
      block.parameterGradients.start[bias.offset + channel] = Float(sums[0])
      block.parameterGradients.start[weight.offset + channel] = Float(sums[1])
    }
  }

  func settleGradient(_ blocks: ArraySlice<Block>) {
    let count = Double(blocks.reduce(0) { $0 + pixels * $1.count })
    for channel in 0..<channels {
      var biasGradient = 0.0
      var weightGradient = 0.0
      for block in blocks {
        biasGradient += block.sums.start[sumOffset + 2 * channel]
        weightGradient += block.sums.start[sumOffset + 2 * channel + 1]
      }
      let scale = Double(settled.scale[channel])
      let slope = -scale * Double(settled.inverseDeviation[channel]) * weightGradient / count
      settled.slope[channel] = Float(slope)
      settled.offset[channel] =
        Float(-scale * biasGradient / count - slope * Double(settled.mean[channel]))
    }
  }

  func backward(_ picture: Picture, _ context: Context) {
    guard input.needsGradient else { return }
    let x = picture.activations[input.value].vectors
    let gradient = picture.gradients[output].vectors
    let target = picture.gradients[input.value].vectors
    let (scales, shifts) = (settled.scale.vectors, settled.shift.vectors)
    let (slopes, offsets) = (settled.slope.vectors, settled.offset.vectors)
    eachVector { index, channels in
      let scale = scales[channels]
      var value = offsets[channels]
      value.accumulate(slopes[channels], x[index])
      value.accumulate(scale, opened(gradient[index], x[index], scale, shifts[channels]))
      target[index] = input.accumulates ? target[index] + value : value
    }
  }
}

/// The sums over `count` steps of what `terms` says about each, and of that times the other; each in two chains that don't
/// wait for each other.
@inline(__always)
private func sumWithProducts(
  _ count: Int, _ terms: (_ index: Int) -> (Lanes, factor: Lanes)
) -> (total: Lanes, products: Lanes) {
  var (t0, t1, p0, p1) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
  var index = 0
  while count &- index >= 2 {
    let (a, b) = (terms(index), terms(index &+ 1))
    t0 += a.0
    p0.accumulate(a.0, a.factor)
    t1 += b.0
    p1.accumulate(b.0, b.factor)
    index &+= 2
  }
  if index < count {
    let a = terms(index)
    t0 += a.0
    p0.accumulate(a.0, a.factor)
  }
  return (t0 + t1, p0 + p1)
}

/// How many values there are, their mean, and the sum of their squared deviations from it.
private struct Moments {
  var count: Double
  var mean: Double
  var squares: Double

  /// Takes other values in.
  mutating func join(_ other: Moments) {
    let difference = other.mean - mean
    let total = count + other.count
    squares += other.squares + difference * difference * count * other.count / total
    mean += difference * other.count / total
    count = total
  }
}
