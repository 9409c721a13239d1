import Foundation
import Network

/// `exp(x) / sum(exp(x))` over the channels of each pixel. The loss does a final one itself in
/// training.
struct SoftmaxMath: LayerMath {
  var shape: Shape
  var input: Edge
  var output: Int

  func forward(_ block: Block, _ context: Context) {
    let x = block.activations[input.value]
    let y = block.activations[output]
    for pixel in 0..<shape.height * shape.width {
      let first = pixel * shape.channels
      var largest = x[first]
      for channel in 1..<shape.channels {
        largest.replace(with: x[first + channel], where: x[first + channel] .> largest)
      }
      var sum = Lanes.zero
      for channel in 0..<shape.channels {
        var exponential = x[first + channel] - largest
        for lane in 0..<Lanes.scalarCount { exponential[lane] = exp(exponential[lane]) }
        y[first + channel] = exponential
        sum += exponential
      }
      for channel in 0..<shape.channels { y[first + channel] /= sum }
    }
  }

  func backward(_ block: Block, _ context: Context) {
    guard input.needsGradient else { return }
    let y = block.activations[output]
    let gradient = block.gradients[output]
    let target = block.gradients[input.value]
    for pixel in 0..<shape.height * shape.width {
      let first = pixel * shape.channels
      var mean = Lanes.zero
      for index in first..<first + shape.channels { mean.accumulate(y[index], gradient[index]) }
      for index in first..<first + shape.channels {
        let value = y[index] * (gradient[index] - mean)
        target[index] = input.accumulates ? target[index] + value : value
      }
    }
  }
}
