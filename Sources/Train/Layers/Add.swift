/// The sum of two activations.
struct AddMath: LayerMath {
  var count: Int
  var inputs: [Edge]
  var output: Int

  func forward(_ picture: Picture, _ context: Context) {
    let first = picture.activations[inputs[0].value].vectors
    let second = picture.activations[inputs[1].value].vectors
    let y = picture.activations[output].vectors
    for index in 0..<count { y[index] = first[index] + second[index] }
  }

  func backward(_ picture: Picture, _ context: Context) {
    let gradient = picture.gradients[output].vectors
    for input in inputs where input.needsGradient {
      let target = picture.gradients[input.value].vectors
      if input.accumulates {
        for index in 0..<count { target[index] += gradient[index] }
      } else {
        target.update(from: gradient, count: count)
      }
    }
  }
}
