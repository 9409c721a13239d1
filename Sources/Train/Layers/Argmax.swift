import Network

/// Which channel of each pixel is the largest. Its gradient is 0.
struct ArgmaxMath: LayerMath {
  var inputShape: Shape
  var input: Edge
  var output: Int

  func forward(_ picture: Picture, _ context: Context) {
    let y = picture.activations[output]
    for pixel in 0..<inputShape.pixelCount {
      let x = picture.activations[input.value] + pixel * inputShape.pixelStride
      var best = 0
      for channel in 1..<inputShape.channels where x[channel] > x[best] { best = channel }
      y[pixel * Lanes.scalarCount] = Float(best)
    }
  }

  func backward(_ picture: Picture, _ context: Context) {
    guard input.needsGradient, !input.accumulates else { return }
    picture.gradients[input.value].update(repeating: 0, count: inputShape.floatCount)
  }
}
