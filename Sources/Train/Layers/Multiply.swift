/// The product of two activations.
struct MultiplyMath: LayerMath {
  var count: Int
  var inputs: [Edge]
  var output: Int

  func forward(_ picture: Picture, _ context: Context) {
    let first = picture.activations[inputs[0].value].vectors
    let second = picture.activations[inputs[1].value].vectors
    let y = picture.activations[output].vectors
    for index in 0..<count { y[index] = first[index] * second[index] }
  }

  func backward(_ picture: Picture, _ context: Context) {
    let gradient = picture.gradients[output].vectors
    for (input, other) in zip(inputs, inputs.reversed()) where input.needsGradient {
      let factor = picture.activations[other.value].vectors
      let target = picture.gradients[input.value].vectors
      for index in 0..<count {
        let value = gradient[index] * factor[index]
        target[index] = input.accumulates ? target[index] + value : value
      }
    }
  }
}
