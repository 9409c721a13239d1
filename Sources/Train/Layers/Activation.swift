import Foundation
import Network

/// A function of each value by itself.
struct ActivationMath: LayerMath {
  var function: Activation
  var count: Int
  var input: Edge
  var output: Int

  func forward(_ picture: Picture, _ context: Context) {
    let x = picture.activations[input.value]
    let y = picture.activations[output]
    for index in 0..<count { y[index] = Float(function.value(at: Double(x[index]))) }
  }

  func backward(_ picture: Picture, _ context: Context) {
    guard input.needsGradient else { return }
    let x = picture.activations[input.value]
    let gradient = picture.gradients[output]
    let target = picture.gradients[input.value]
    for index in 0..<count {
      let value = gradient[index] * function.slope(at: x[index])
      target[index] = input.accumulates ? target[index] + value : value
    }
  }
}

extension Activation {
  /// The derivative at `x`.
  fileprivate func slope(at x: Float) -> Float {
    switch self {
    case .relu6: return x > 0 && x < 6 ? 1 : 0
    case .leakyReLU(let slope): return x > 0 ? 1 : slope
    case .sigmoid:
      let share = Float(value(at: Double(x)))
      return share * (1 - share)
    case .tanh:
      let value = Foundation.tanh(x)
      return 1 - value * value
    case .hardSwish: return x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6
    }
  }
}
