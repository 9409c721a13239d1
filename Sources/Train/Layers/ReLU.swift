/// `max(x, 0)`.
struct ReLUMath: LayerMath {
  var count: Int
  var input: Edge
  var output: Int

  func forward(_ picture: Picture, _ context: Context) {
    let x = picture.activations[input.value].vectors
    let y = picture.activations[output].vectors
    for index in 0..<count { y[index] = x[index].replacing(with: 0, where: x[index] .< 0) }
  }

  func backward(_ picture: Picture, _ context: Context) {
    guard input.needsGradient else { return }
    let y = picture.activations[output].vectors
    let gradient = picture.gradients[output].vectors
    let target = picture.gradients[input.value].vectors
    for index in 0..<count {
      let value = Lanes.zero.replacing(with: gradient[index], where: y[index] .> 0)
      target[index] = input.accumulates ? target[index] + value : value
    }
  }
}
