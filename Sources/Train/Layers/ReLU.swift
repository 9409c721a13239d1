/// `max(x, 0)`.
struct ReLUMath: LayerMath {
  var count: Int
  var input: Edge
  var output: Int

  func forward(_ block: Block, _ context: Context) {
    let x = block.activations[input.value]
    let y = block.activations[output]
    for index in 0..<count { y[index] = x[index].replacing(with: 0, where: x[index] .< 0) }
  }

  func backward(_ block: Block, _ context: Context) {
    guard input.needsGradient else { return }
    let y = block.activations[output]
    let gradient = block.gradients[output]
    let target = block.gradients[input.value]
    for index in 0..<count {
      let value = Lanes.zero.replacing(with: gradient[index], where: y[index] .> 0)
      target[index] = input.accumulates ? target[index] + value : value
    }
  }
}
