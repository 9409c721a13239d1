import Network

/// A dense layer, forwards and backwards: each output is the sum of the whole picture times its weights.
struct DenseMath: LayerMath {
  private let input: Edge
  private let inputShape: Shape
  private let output: Int
  private let outputs: Int
  private let weight: Parameter
  private let bias: Parameter?
  private let accumulatorOffset: Int
  /// (output, height, width, filled-up channels), zeros where the channels are filled up.
  private let weights: Memory<Float>

  init(
    input: Edge, inputShape: Shape, output: Int, outputs: Int, weight: Parameter, bias: Parameter?,
    accumulatorOffset: Int
  ) {
    self.input = input
    self.inputShape = inputShape
    self.output = output
    self.outputs = outputs
    self.weight = weight
    self.bias = bias
    self.accumulatorOffset = accumulatorOffset
    weights = Memory(count: outputs * inputShape.floatCount)
  }

  /// The number of vectors of the picture.
  private var vectorCount: Int { inputShape.vectorCount }

  /// The weights' sums and then the biases'.
  var accumulators: Range<Int> {
    accumulatorOffset..<accumulatorOffset + outputs * inputShape.floatCount + outputs
  }

  /// Calls `body` with each run of channels: where it is in the parameter, and filled up.
  private func eachRun(_ body: (_ place: Int, _ filledUp: Int) -> Void) {
    for run in 0..<outputs * inputShape.pixelCount {
      body(run * inputShape.channels, run * inputShape.pixelStride)
    }
  }

  func settle() {
    eachRun { place, filledUp in
      (weights.start + filledUp).update(from: weight.values + place, count: inputShape.channels)
    }
  }

  func forward(_ picture: Picture, _ context: Context) {
    let x = picture.activations[input.value].vectors
    let y = picture.activations[output]
    let count = vectorCount
    for output in 0..<outputs {
      let w = weights.start.vectors + output &* count
      // Four chains of products that don't wait for each other.
      var (s0, s1, s2, s3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
      var index = 0
      while count &- index >= 4 {
        s0.accumulate(x[index], w[index])
        s1.accumulate(x[index &+ 1], w[index &+ 1])
        s2.accumulate(x[index &+ 2], w[index &+ 2])
        s3.accumulate(x[index &+ 3], w[index &+ 3])
        index &+= 4
      }
      while index < count {
        s0.accumulate(x[index], w[index])
        index &+= 1
      }
      y[output] = ((s0 + s1) + (s2 + s3)).sum() + (bias?.values[output] ?? 0)
    }
  }

  func backward(_ picture: Picture, _ context: Context) {
    let x = picture.activations[input.value].vectors
    let gradient = picture.gradients[output]
    let sums = context.accumulators + accumulatorOffset
    let biasSums = sums + outputs * inputShape.floatCount
    for output in 0..<outputs {
      let row = sums.vectors + output &* vectorCount
      let factor = Lanes(repeating: gradient[output])
      for index in 0..<vectorCount { row[index].accumulate(x[index], factor) }
      biasSums[output] += gradient[output]
    }
    guard input.needsGradient else { return }
    let target = picture.gradients[input.value].vectors
    let w = weights.start.vectors
    for index in 0..<vectorCount {
      var sum = input.accumulates ? target[index] : .zero
      for output in 0..<outputs {
        sum.accumulate(w[output &* vectorCount &+ index], Lanes(repeating: gradient[output]))
      }
      target[index] = sum
    }
  }

  func finish(_ block: Block, _ context: Context) {
    let sums = context.accumulators + accumulatorOffset
    let total = block.parameterGradients.start
    eachRun { place, filledUp in
      (total + weight.offset + place).update(from: sums + filledUp, count: inputShape.channels)
    }
    guard let bias else { return }
    (total + bias.offset).update(
      from: sums + outputs * inputShape.floatCount, count: outputs)
  }
}
