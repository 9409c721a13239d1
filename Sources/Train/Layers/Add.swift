/// The sum of two activations.
struct AddMath: LayerMath {
  var count: Int
  var inputs: [Edge]
  var output: Int

  func forward(_ block: Block, _ context: Context) {
    let first = block.activations[inputs[0].value]
    let second = block.activations[inputs[1].value]
    let y = block.activations[output]
    for index in 0..<count { y[index] = first[index] + second[index] }
  }

  func backward(_ block: Block, _ context: Context) {
    let gradient = block.gradients[output]
    for input in inputs where input.needsGradient {
      let target = block.gradients[input.value]
      if input.accumulates {
        for index in 0..<count { target[index] += gradient[index] }
      } else {
        target.update(from: gradient, count: count)
      }
    }
  }
}
