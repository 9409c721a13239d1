/// Zeros a share of the values and scales up the rest. The same choice is made again on the way
/// back: it follows from the batch's seed, the layer and the picture.
struct DropoutMath: LayerMath {
  var rate: Float
  var count: Int
  var input: Edge
  var output: Int

  func forward(_ picture: Picture, _ context: Context) {
    let x = picture.activations[input.value].vectors
    let y = picture.activations[output].vectors
    guard rate > 0 else {
      if x != y { y.update(from: x, count: count) }
      return
    }
    eachFactor(picture, context) { index, factor in y[index] = x[index] * factor }
  }

  func backward(_ picture: Picture, _ context: Context) {
    guard input.needsGradient else { return }
    let gradient = picture.gradients[output].vectors
    let target = picture.gradients[input.value].vectors
    eachFactor(picture, context) { index, factor in
      let value = gradient[index] * factor
      target[index] = input.accumulates ? target[index] + value : value
    }
  }

  /// Calls `body` with 0 or `1 / (1 - rate)` for every vector.
  @inline(__always)
  private func eachFactor(
    _ picture: Picture, _ context: Context, _ body: (Int, Lanes) -> Void
  ) {
    var random = LaneRandom(seed: context.seed, stream: output, picture.index)
    let threshold = SIMD8(repeating: UInt32(rate * Float(1 << 24)))
    let unused = SIMD8<UInt32>(repeating: 8)
    let scale = Lanes(repeating: 1 / (1 - rate))
    for index in 0..<count {
      let choices = random.next() &>> unused
      body(index, Lanes.zero.replacing(with: scale, where: choices .>= threshold))
    }
  }
}
