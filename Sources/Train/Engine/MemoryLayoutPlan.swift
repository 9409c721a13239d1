import Network

/// Where a picture's memory keeps each value and its gradient, in floats.
struct MemoryLayoutPlan {
  /// The offset of each value, as `Graph` numbers them.
  var activations: [Int]
  /// The offset of each value's gradient.
  var gradients: [Int]
  /// The number of floats in all.
  var count: Int

  /// Plans the memory. With `forTraining`, a value's memory is another's as soon as nothing on the way back reads it
  /// any more, and layers that work element by element overwrite their input where nobody else reads it; without it
  /// every value stays readable and there are no gradients.
  init(_ network: Network, _ graph: Graph, forTraining: Bool) {
    var regions = Regions()
    let end = 2 * network.layers.count
    var activations = [Int](repeating: 0, count: graph.valueCount)
    // Nobody needs the picture's.
    var gradients = [Int?](repeating: nil, count: graph.valueCount)
    activations[0] = regions.add(
      network.input.pixelCount * graph.pictureStride, during: 0...end)
    for (index, layer) in network.layers.enumerated() {
      let input = graph.inputs[index][0]
      let isAlone = forTraining && input != 0 && graph.readers[input].count == 1
      let count = network.shapes[index].floatCount
      let life = index...(forTraining ? end - index : end)
      activations[index + 1] =
        isAlone && layer.operation.overwritesInput
        ? activations[input] : regions.add(count, during: life)
      if forTraining, let life = Self.gradientLife(of: index, network, graph) {
        if isAlone, layer.operation.overwritesGradient, let region = gradients[input] {
          regions.extend(region, to: life)
          gradients[index + 1] = region
        } else {
          gradients[index + 1] = regions.add(count, during: life)
        }
      }
      let onGrid = graph.value(of: index)
      guard onGrid != index + 1 else { continue }
      activations[onGrid] = regions.add(count, during: life)
      // What stops gradients does so where they are.
      gradients[onGrid] = gradients[index + 1]
    }
    let (offsets, total) = regions.placed()
    self.activations = activations.map { offsets[$0] }
    self.gradients = gradients.map { $0.map { offsets[$0] } ?? 0 }
    count = total
  }

  /// From when to when the gradient by a layer's output is needed, if ever. Forwards, layer `i` is step `i` of as many as
  /// there are layers; then the loss is one step, and then come the layers in reverse.
  private static func gradientLife(
    of layer: Int, _ network: Network, _ graph: Graph
  ) -> ClosedRange<Int>? {
    guard graph.contributes[layer] else { return nil }
    let end = 2 * network.layers.count
    if layer + 1 == network.logits { return network.layers.count...end - layer }
    let readers = graph.readers[graph.value(of: layer)]
    guard let last = readers.last(where: { graph.contributes[$0] }) else { return nil }
    return end - last...end - layer
  }
}

/// Runs of floats, each needed for some time.
private struct Regions {
  private struct Region {
    var count: Int
    var life: ClosedRange<Int>
    var offset = 0
  }

  private var regions: [Region] = []

  /// Adds a region, and returns its number.
  mutating func add(_ count: Int, during life: ClosedRange<Int>) -> Int {
    regions.append(Region(count: count.roundedUpToBorder, life: life))
    return regions.count - 1
  }

  /// Lets a region live during `life`, too.
  mutating func extend(_ region: Int, to life: ClosedRange<Int>) {
    let old = regions[region].life
    regions[region].life =
      min(old.lowerBound, life.lowerBound)...max(old.upperBound, life.upperBound)
  }

  /// The offset of each region, and the floats they take together: the largest are placed first, each as low as it fits
  /// between those that live at the same time.
  func placed() -> (offsets: [Int], count: Int) {
    var placed: [Region] = []
    var offsets = [Int](repeating: 0, count: regions.count)
    let order = regions.indices.sorted {
      (-regions[$0].count, $0) < (-regions[$1].count, $1)
    }
    for number in order {
      var region = regions[number]
      for other in placed where other.life.overlaps(region.life) {
        guard other.offset < region.offset + region.count else { break }
        region.offset = max(region.offset, other.offset + other.count)
      }
      offsets[number] = region.offset
      let place = placed.firstIndex { $0.offset > region.offset } ?? placed.count
      placed.insert(region, at: place)
    }
    return (offsets, placed.reduce(0) { max($0, $1.offset + $1.count) })
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
