import Network

/// Who reads what in a network. Values are numbered: the picture is 0, layer `i`'s output is `i + 1`, and behind all those
/// come the outputs put on a grid, which readers see instead.
struct Graph {
  /// The values each layer reads.
  let inputs: [[Int]]
  /// The layers that read each value, in order; a layer that reads it twice is there twice.
  let readers: [[Int]]
  /// Whether the network's output depends on a layer.
  let contributes: [Bool]
  /// The number of floats from a pixel of the picture to the next. A picture has few channels, and where only
  /// convolutions read it, which take them one by one, they are not filled up to a vector.
  let pictureStride: Int
  /// The layers whose outputs are put on a grid.
  let quantizedLayers: [Int]

  init(_ network: Network) {
    let quantizedLayers = network.layers.indices.filter {
      network.quantization?.ranges[network.layers[$0].name] != nil
    }
    self.quantizedLayers = quantizedLayers
    let inputs = network.layers.map { layer in
      layer.inputs.map { source in
        switch source {
        case .picture: 0
        case .layer(let index):
          quantizedLayers.firstIndex(of: index).map { network.layers.count + 1 + $0 } ?? index + 1
        }
      }
    }
    var readers = [[Int]](
      repeating: [], count: network.layers.count + 1 + quantizedLayers.count)
    for (layer, values) in inputs.enumerated() {
      for value in values { readers[value].append(layer) }
    }
    var contributes = [Bool](repeating: false, count: network.layers.count)
    contributes[network.layers.count - 1] = true
    for layer in network.layers.indices.reversed() where contributes[layer] {
      for case .layer(let earlier) in network.layers[layer].inputs { contributes[earlier] = true }
    }
    self.inputs = inputs
    self.readers = readers
    self.contributes = contributes
    let isBare =
      network.input.channels < Lanes.scalarCount
      && readers[0].allSatisfy {
        if case .conv2D = network.layers[$0].operation { true } else { false }
      }
    pictureStride = isBare ? network.input.channels : network.input.pixelStride
  }

  /// The number of values.
  var valueCount: Int { readers.count }

  /// The value that readers of a layer see.
  func value(of layer: Int) -> Int {
    quantizedLayers.firstIndex(of: layer).map { contributes.count + 1 + $0 } ?? layer + 1
  }

  /// The edges a layer reads through. On the way back the last reader writes a value's gradient and
  /// the others add to it.
  func edges(of layer: Int) -> [Edge] {
    inputs[layer].enumerated().map { position, value in
      let contributing = readers[value].filter { contributes[$0] }
      let isLast = contributing.last == layer
      let isRepeated = inputs[layer][..<position].contains(value)
      return Edge(value: value, accumulates: !isLast || isRepeated)
    }
  }
}

extension Layer.Source {
  /// Its value before any grid.
  var value: Int {
    switch self {
    case .picture: 0
    case .layer(let index): index + 1
    }
  }
}

/// One input of a layer.
struct Edge {
  /// The value read.
  var value: Int
  /// Whether the way back adds to the value's gradient, or sets it.
  var accumulates: Bool

  /// Whether anybody needs the gradient: not for the picture.
  var needsGradient: Bool { value != 0 }
}
