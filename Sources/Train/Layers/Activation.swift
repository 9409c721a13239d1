import Foundation
import Network

/// A function of each value by itself.
struct ActivationMath: LayerMath {
  var function: Activation
  var count: Int
  var input: Edge
  var output: Int

  func forward(_ block: Block, _ context: Context) {
    let x = block.activations[input.value]
    let y = block.activations[output]
    for index in 0..<count { y[index] = x[index].mapped { Float(function.value(at: Double($0))) } }
  }

  func backward(_ block: Block, _ context: Context) {
    guard input.needsGradient else { return }
    let x = block.activations[input.value]
    let gradient = block.gradients[output]
    let target = block.gradients[input.value]
    for index in 0..<count {
      let value = gradient[index] * x[index].mapped { function.slope(at: $0) }
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

extension Lanes {
  @inline(__always)
  fileprivate func mapped(_ function: (Float) -> Float) -> Lanes {
    var result = Lanes.zero
    for lane in 0..<Lanes.scalarCount { result[lane] = function(self[lane]) }
    return result
  }
}
