import Network

/// Where a picture's memory keeps each value and its gradient, in floats.
struct MemoryLayoutPlan {
  /// The offset of each value: the picture at 0, layer `i`'s output at `i + 1`.
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
    activations = [allocate(network.input.pixelCount * graph.pictureStride)]
    // Nobody needs the picture's.
    gradients = [0]
    for (index, layer) in network.layers.enumerated() {
      let input = graph.inputs[index][0]
      let isAlone = forTraining && input != 0 && graph.readers[input].count == 1
      activations.append(
        isAlone && layer.operation.overwritesInput
          ? activations[input] : allocate(network.shapes[index].floatCount))
      gradients.append(
        isAlone && layer.operation.overwritesGradient
          ? gradients[input] : forTraining ? allocate(network.shapes[index].floatCount) : 0)
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
