import Network

/// Which channels of a network's values are 0 together, as disjoint sets (B. A. Galler and M. J. Fischer, 1964,
/// doi:10.1145/364099.364331).
///
/// Node 0 is in the set of all that has to stay. Behind it come the channels of each value, as `Graph` numbers them.
struct ChannelSets {
  /// The first node of each value, and the end.
  private let starts: [Int]
  /// The first of a set's nodes is its own parent.
  private var parents: [Int]

  /// Ties the channels of a network.
  init(_ network: Network) {
    let shapes = [network.input] + network.shapes
    starts = shapes.reduce(into: [1]) { $0.append($0[$0.count - 1] + $1.channels) }
    parents = Array(0..<starts[shapes.count])
    keep(0)
    for (index, layer) in network.layers.enumerated() {
      tie(
        layer, inputs: layer.inputs.map(\.value), output: index + 1, count: shapes[index + 1].count)
    }
    // Labels are told by it, or by what a softmax or an argmax reads.
    keep(network.layers.count)
  }

  /// What stands for the set that a channel is in; nil where it has to stay.
  mutating func set(of channel: Int, in value: Int) -> Int? {
    let root = root(of: starts[value] + channel)
    return root == 0 ? nil : root
  }

  /// Ties the channels of a layer's output, of `count` values, to those of its inputs.
  private mutating func tie(_ layer: Layer, inputs: [Int], output: Int, count: Int) {
    switch layer.operation {
    // Groups are of one size.
    case .conv2D(let conv) where conv.groups > 1:
      keep(inputs[0])
      keep(output)
    case .conv2D, .dense:
      break
    case .activation(let function) where function.value(at: 0) != 0:
      keep(inputs[0])
      keep(output)
    // A channel of zeros counts there, too.
    case .softmax, .argmax:
      keep(inputs[0])
      keep(output)
    case .depthwiseConv2D, .batchNorm, .relu, .activation, .dropout, .maxPool2D, .averagePool2D,
      .globalMaxPool, .globalAveragePool, .pad, .upsample, .add, .multiply:
      for input in inputs { unite(nodes(of: input), nodes(of: output)) }
    case .concat:
      unite(inputs.flatMap(nodes), nodes(of: output))
    case .reshape:
      let (input, output) = (nodes(of: inputs[0]), nodes(of: output))
      for place in 0..<count {
        unite(
          input.lowerBound + place % input.count, output.lowerBound + place % output.count)
      }
    }
  }

  private func nodes(of value: Int) -> Range<Int> { starts[value]..<starts[value + 1] }

  private mutating func keep(_ value: Int) {
    for node in nodes(of: value) { unite(0, node) }
  }

  private mutating func unite(_ nodes: some Sequence<Int>, _ others: some Sequence<Int>) {
    for (node, other) in zip(nodes, others) { unite(node, other) }
  }

  private mutating func unite(_ node: Int, _ other: Int) {
    let (first, second) = (root(of: node), root(of: other))
    parents[max(first, second)] = min(first, second)
  }

  /// The first node of a set. The way to it is halved for the next time.
  private mutating func root(of node: Int) -> Int {
    var node = node
    while parents[node] != node {
      parents[node] = parents[parents[node]]
      node = parents[node]
    }
    return node
  }
}
