import Foundation
import Network

/// `exp(x) / sum(exp(x))` over the channels of each pixel. The loss does a final one itself in
/// training.
struct SoftmaxMath: LayerMath {
  var shape: Shape
  var input: Edge
  var output: Int

  func forward(_ picture: Picture, _ context: Context) {
    for pixel in 0..<shape.pixelCount {
      let x = picture.activations[input.value] + pixel * shape.pixelStride
      let y = picture.activations[output] + pixel * shape.pixelStride
      var largest = x[0]
      for channel in 1..<shape.channels { largest = max(largest, x[channel]) }
      var sum: Float = 0
      for channel in 0..<shape.channels {
        y[channel] = exp(x[channel] - largest)
        sum += y[channel]
      }
      for channel in 0..<shape.channels { y[channel] /= sum }
    }
  }

  func backward(_ picture: Picture, _ context: Context) {
    guard input.needsGradient else { return }
    for pixel in 0..<shape.pixelCount {
      let first = pixel * shape.pixelStride
      let y = picture.activations[output] + first
      let gradient = picture.gradients[output] + first
      let target = picture.gradients[input.value] + first
      var mean: Float = 0
      for channel in 0..<shape.channels { mean += y[channel] * gradient[channel] }
      for channel in 0..<shape.channels {
        let value = y[channel] * (gradient[channel] - mean)
        target[channel] = input.accumulates ? target[channel] + value : value
      }
    }
  }
}
