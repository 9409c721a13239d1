import Network

/// Which channel of each pixel is the largest. Its gradient is 0.
struct ArgmaxMath: LayerMath {
  var inputShape: Shape
  var input: Edge
  var output: Int

  func forward(_ block: Block, _ context: Context) {
    let x = block.activations[input.value]
    let y = block.activations[output]
    for pixel in 0..<inputShape.height * inputShape.width {
      let first = pixel * inputShape.channels
      var largest = x[first]
      var best = Lanes.zero
      for channel in 1..<inputShape.channels {
        let isLarger = x[first + channel] .> largest
        largest.replace(with: x[first + channel], where: isLarger)
        best.replace(with: Lanes(repeating: Float(channel)), where: isLarger)
      }
      y[pixel] = best
    }
  }

  func backward(_ block: Block, _ context: Context) {
    guard input.needsGradient, !input.accumulates else { return }
    block.gradients[input.value].update(repeating: .zero, count: inputShape.count)
  }
}
