import Network

/// Batch normalization, and the rectifier after it where it alone reads the output.
///
/// Statistics are of the whole batch: each block's mean and sum of squared deviations are joined
/// pairwise in the order of the blocks, in double (Chan, Golub and LeVeque, 1979).
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

    init(channels: Int) {
      let memory = UnsafeMutablePointer<Float>.allocate(capacity: 6 * channels)
      memory.initialize(repeating: 0, count: 6 * channels)
      scale = memory
      shift = memory + channels
      mean = memory + 2 * channels
      inverseDeviation = memory + 3 * channels
      slope = memory + 4 * channels
      offset = memory + 5 * channels
    }

    deinit { scale.deallocate() }
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
    settled = Settled(channels: shape.channels)
  }

  private var channels: Int { shape.channels }
  private var pixels: Int { shape.height * shape.width }

  /// Two vectors of sums a channel.
  var scratchCount: Int { 2 * channels }

  /// Calls `body` with every value's index and channel, in the order of memory: what comes from far away then
  /// comes in time, and the sums, which are few, stay near.
  @inline(__always)
  private func eachValue(_ body: (_ index: Int, _ channel: Int) -> Void) {
    var index = 0
    for _ in 0..<pixels {
      for channel in 0..<channels {
        body(index, channel)
        index &+= 1
      }
    }
  }

  func observe(_ block: Block, _ context: Context) {
    let x = block.activations[input.value]
    let count = Float(pixels * block.count)
    let (means, squares) = (context.scratch, context.scratch + channels)
    context.scratch.update(repeating: .zero, count: 2 * channels)
    eachValue { index, channel in means[channel] += x[index] }
    for channel in 0..<channels {
      let mean = block.total(means[channel]) / count
      block.sums[sumOffset + 2 * channel] = Double(mean)
      means[channel] = Lanes(repeating: mean)
    }
    eachValue { index, channel in
      let deviation = x[index] - means[channel]
      squares[channel].accumulate(deviation, deviation)
    }
    for channel in 0..<channels {
      block.sums[sumOffset + 2 * channel + 1] = Double(block.total(squares[channel]))
    }
  }

  func settle(_ blocks: ArraySlice<Block>, share: Float) {
    for channel in 0..<channels {
      var count = 0.0
      var mean = 0.0
      var squares = 0.0
      for block in blocks {
        let blockCount = Double(pixels * block.count)
        let difference = block.sums[sumOffset + 2 * channel] - mean
        let total = count + blockCount
        squares += block.sums[sumOffset + 2 * channel + 1]
        squares += difference * difference * count * blockCount / total
        mean += difference * blockCount / total
        count = total
      }
      let variance = squares / count
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

  func forward(_ block: Block, _ context: Context) {
    let x = block.activations[input.value]
    let y = block.activations[output]
    let (scale, shift) = (settled.scale, settled.shift)
    eachValue { index, channel in
      let value = normalized(
        x[index], Lanes(repeating: scale[channel]), Lanes(repeating: shift[channel]))
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

  func observeGradient(_ block: Block, _ context: Context) {
    let x = block.activations[input.value]
    let gradient = block.gradients[output]
    let (scale, shift, mean) = (settled.scale, settled.shift, settled.mean)
    let (sums, products) = (context.scratch, context.scratch + channels)
    context.scratch.update(repeating: .zero, count: 2 * channels)
    eachValue { index, channel in
      let value = opened(
        gradient[index], x[index], Lanes(repeating: scale[channel]),
        Lanes(repeating: shift[channel]))
      sums[channel] += value
      products[channel].accumulate(value, x[index] - Lanes(repeating: mean[channel]))
    }
    for channel in 0..<channels {
      let biasGradient = block.total(sums[channel])
      let weightGradient = block.total(products[channel]) * settled.inverseDeviation[channel]
      block.parameterGradients[bias.offset + channel] = biasGradient
      block.parameterGradients[weight.offset + channel] = weightGradient
      block.sums[sumOffset + 2 * channel] = Double(biasGradient)
      block.sums[sumOffset + 2 * channel + 1] = Double(weightGradient)
    }
  }

  func settleGradient(_ blocks: ArraySlice<Block>) {
    let count = Double(blocks.reduce(0) { $0 + pixels * $1.count })
    for channel in 0..<channels {
      var biasGradient = 0.0
      var weightGradient = 0.0
      for block in blocks {
        biasGradient += block.sums[sumOffset + 2 * channel]
        weightGradient += block.sums[sumOffset + 2 * channel + 1]
      }
      let scale = Double(settled.scale[channel])
      let slope = -scale * Double(settled.inverseDeviation[channel]) * weightGradient / count
      settled.slope[channel] = Float(slope)
      settled.offset[channel] =
        Float(-scale * biasGradient / count - slope * Double(settled.mean[channel]))
    }
  }

  func backward(_ block: Block, _ context: Context) {
    guard input.needsGradient else { return }
    let x = block.activations[input.value]
    let gradient = block.gradients[output]
    let target = block.gradients[input.value]
    let (scales, shifts) = (settled.scale, settled.shift)
    let (slopes, offsets) = (settled.slope, settled.offset)
    eachValue { index, channel in
      let scale = Lanes(repeating: scales[channel])
      var value = Lanes(repeating: offsets[channel])
      value.accumulate(Lanes(repeating: slopes[channel]), x[index])
      value.accumulate(
        scale, opened(gradient[index], x[index], scale, Lanes(repeating: shifts[channel])))
      target[index] = input.accumulates ? target[index] + value : value
    }
  }
}
