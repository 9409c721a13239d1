/// Zeros a share of the values and scales up the rest. The same choice is made again on the way
/// back: it follows from the batch's seed, the layer and the block.
struct DropoutMath: LayerMath {
  var rate: Float
  var count: Int
  var input: Edge
  var output: Int

  func forward(_ block: Block, _ context: Context) {
    let x = block.activations[input.value]
    let y = block.activations[output]
    guard rate > 0 else {
      if x != y { y.update(from: x, count: count) }
      return
    }
    eachFactor(block, context) { index, factor in y[index] = x[index] * factor }
  }

  func backward(_ block: Block, _ context: Context) {
    guard input.needsGradient else { return }
    let gradient = block.gradients[output]
    let target = block.gradients[input.value]
    eachFactor(block, context) { index, factor in
      let value = gradient[index] * factor
      target[index] = input.accumulates ? target[index] + value : value
    }
  }

  /// Calls `body` with 0 or `1 / (1 - rate)` for every value of every lane.
  @inline(__always)
  private func eachFactor(_ block: Block, _ context: Context, _ body: (Int, Lanes) -> Void) {
    var random = LaneRandom(seed: context.seed, stream: output, block.index)
    let threshold = Int32(rate * Float(1 << 24))
    let scale = Lanes(repeating: 1 / (1 - rate))
    for index in 0..<count {
      let choices = SIMD16<Int32>(truncatingIfNeeded: random.next() &>> 8)
      body(index, Lanes.zero.replacing(with: scale, where: choices .>= threshold))
    }
  }
}
