import Network

/// Where a picture's memory keeps each value and its gradient, in floats.
struct MemoryLayoutPlan {
  /// The offset of each value, as `Graph` numbers them.
  var activations: [Int]
  /// The offset of each value's gradient.
  var gradients: [Int]
  /// The number of floats in all.
  var count: Int

  /// Plans the memory. With `forTraining`, layers that work element by element overwrite their
  /// input where nobody else reads it; without it every value stays readable and there are no
  /// gradients.
  init(_ network: Network, _ graph: Graph, forTraining: Bool) {
    var count = 0
    func allocate(_ floats: Int) -> Int {
      defer { count += floats.roundedUpToBorder }
      return count
    }
    // Nobody needs the picture's gradient.
    activations = [Int](repeating: 0, count: graph.valueCount)
    gradients = activations
    activations[0] = allocate(network.input.pixelCount * graph.pictureStride)
    for (index, layer) in network.layers.enumerated() {
      let input = graph.inputs[index][0]
      let isAlone = forTraining && input != 0 && graph.readers[input].count == 1
      let floatCount = network.shapes[index].floatCount
      activations[index + 1] =
        isAlone && layer.operation.overwritesInput ? activations[input] : allocate(floatCount)
      gradients[index + 1] =
        isAlone && layer.operation.overwritesGradient
        ? gradients[input] : forTraining ? allocate(floatCount) : 0
      let onGrid = graph.value(of: index)
      guard onGrid != index + 1 else { continue }
      activations[onGrid] = allocate(floatCount)
      // What stops gradients does so where they are.
      gradients[onGrid] = gradients[index + 1]
    }
    self.count = count
  }
}

extension Layer.Operation {
  /// Whether the output may take the input's place: neither this layer's nor the earlier layer's
  /// way back needs what was there. A dropout may not: a max pool finds its maximum again by value.
  fileprivate var overwritesInput: Bool {
    switch self {
    case .relu: true
    default: false
    }
  }

  /// Whether the gradient by the input may take the place of the gradient by the output.
  fileprivate var overwritesGradient: Bool {
    switch self {
    case .relu, .dropout, .batchNorm: true
    default: false
    }
  }
}
