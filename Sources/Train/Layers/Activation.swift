import Network

/// A function of each value by itself.
struct ActivationMath: LayerMath {
  var function: Activation
  var count: Int
  var input: Edge
  var output: Int

  func forward(_ picture: Picture, _ context: Context) {
    switch function {
    case .relu6: map(picture) { $0.cutTo0And6 }
    case .leakyReLU(let slope):
      map(picture) { $0.replacing(with: $0 * slope, where: $0 .< 0) }
    case .hardSwish:
      map(picture) { $0 * ($0 + 3).cutTo0And6 / 6 }
    case .sigmoid, .tanh:
      map(picture) { x in
        var y = x
        for lane in y.indices { y[lane] = Float(function.value(at: Double(x[lane]))) }
        return y
      }
    }
  }

  @inline(__always)
  private func map(_ picture: Picture, _ value: (_ x: Lanes) -> Lanes) {
    let x = picture.activations[input.value].vectors
    let y = picture.activations[output].vectors
    for index in 0..<count { y[index] = value(x[index]) }
  }

  func backward(_ picture: Picture, _ context: Context) {
    guard input.needsGradient else { return }
    let one = Lanes(repeating: 1)
    switch function {
    case .relu6:
      mapGradient(picture) { x, _ in
        one.replacing(with: 0, where: (x .<= 0) .| (x .>= 6))
      }
    case .leakyReLU(let slope):
      mapGradient(picture) { x, _ in one.replacing(with: slope, where: x .<= 0) }
    case .hardSwish:
      mapGradient(picture) { x, _ in
        ((2 * x + 3) / 6).replacing(with: 0, where: x .<= -3).replacing(with: 1, where: x .>= 3)
      }
    // A rectifier may have written over the outputs: where it changed them, the gradient is 0.
    case .sigmoid: mapGradient(picture) { _, y in y * (1 - y) }
    case .tanh: mapGradient(picture) { _, y in 1 - y * y }
    }
  }

  @inline(__always)
  private func mapGradient(_ picture: Picture, _ slope: (_ x: Lanes, _ y: Lanes) -> Lanes) {
    let x = picture.activations[input.value].vectors
    let y = picture.activations[output].vectors
    let gradient = picture.gradients[output].vectors
    let target = picture.gradients[input.value].vectors
    for index in 0..<count {
      let value = gradient[index] * slope(x[index], y[index])
      target[index] = input.accumulates ? target[index] + value : value
    }
  }
}

extension Lanes {
  /// Values below 0 become 0, and those above 6 become 6.
  @inline(__always)
  fileprivate var cutTo0And6: Lanes {
    replacing(with: 0, where: self .< 0).replacing(with: 6, where: self .> 6)
  }
}
