/// The product of two activations.
struct MultiplyMath: LayerMath {
  var count: Int
  var inputs: [Edge]
  var output: Int

  func forward(_ block: Block, _ context: Context) {
    let first = block.activations[inputs[0].value]
    let second = block.activations[inputs[1].value]
    let y = block.activations[output]
    for index in 0..<count { y[index] = first[index] * second[index] }
  }

  func backward(_ block: Block, _ context: Context) {
    let gradient = block.gradients[output]
    for (input, other) in zip(inputs, inputs.reversed()) where input.needsGradient {
      let factor = block.activations[other.value]
      let target = block.gradients[input.value]
      for index in 0..<count {
        let value = gradient[index] * factor[index]
        target[index] = input.accumulates ? target[index] + value : value
      }
    }
  }
}
