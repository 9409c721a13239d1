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
    var scale: [Float]
    var shift: [Float]
    var mean: [Float]
    var inverseDeviation: [Float]
    var slope: [Float]
    var offset: [Float]

    init(channels: Int) {
      let zeros = [Float](repeating: 0, count: channels)
      (scale, shift, mean) = (zeros, zeros, zeros)
      (inverseDeviation, slope, offset) = (zeros, zeros, zeros)
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
    settled = Settled(channels: shape.channels)
  }

  private var channels: Int { shape.channels }
  private var pixels: Int { shape.height * shape.width }

  func observe(_ block: Block) {
    let x = block.activations[input.value]
    let count = Float(pixels * block.count)
    for channel in 0..<channels {
      var sum = Lanes.zero
      for pixel in 0..<pixels { sum += x[pixel &* channels &+ channel] }
      let mean = block.total(sum) / count
      var squares = Lanes.zero
      for pixel in 0..<pixels {
        let deviation = x[pixel &* channels &+ channel] - mean
        squares.accumulate(deviation, deviation)
      }
      block.sums[sumOffset + 2 * channel] = Double(mean)
      block.sums[sumOffset + 2 * channel + 1] = Double(block.total(squares))
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
    for channel in 0..<channels {
      let scale = Lanes(repeating: settled.scale[channel])
      let shift = Lanes(repeating: settled.shift[channel])
      for pixel in 0..<pixels {
        let index = pixel &* channels &+ channel
        let value = normalized(x[index], scale, shift)
        y[index] = rectifies ? value.replacing(with: 0, where: value .< 0) : value
      }
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

  func observeGradient(_ block: Block) {
    let x = block.activations[input.value]
    let gradient = block.gradients[output]
    for channel in 0..<channels {
      let scale = Lanes(repeating: settled.scale[channel])
      let shift = Lanes(repeating: settled.shift[channel])
      let mean = settled.mean[channel]
      var sum = Lanes.zero
      var product = Lanes.zero
      for pixel in 0..<pixels {
        let index = pixel &* channels &+ channel
        let value = opened(gradient[index], x[index], scale, shift)
        sum += value
        product.accumulate(value, x[index] - mean)
      }
      let biasGradient = block.total(sum)
      let weightGradient = block.total(product) * settled.inverseDeviation[channel]
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
    for channel in 0..<channels {
      let scale = Lanes(repeating: settled.scale[channel])
      let shift = Lanes(repeating: settled.shift[channel])
      let slope = Lanes(repeating: settled.slope[channel])
      let offset = Lanes(repeating: settled.offset[channel])
      for pixel in 0..<pixels {
        let index = pixel &* channels &+ channel
        var value = offset
        value.accumulate(slope, x[index])
        value.accumulate(scale, opened(gradient[index], x[index], scale, shift))
        target[index] = input.accumulates ? target[index] + value : value
      }
    }
  }
}
