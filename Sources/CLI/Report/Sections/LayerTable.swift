import Network

/// The network layer by layer, with how its weights and what they compute are spread.
struct LayerTable {
  private struct Row {
    var name: String
    var operation: String
    var shape: String
    var parameters: String
    var macs: String
    var weights: HistogramPicture?
    var activations: HistogramPicture?
  }

  private let rows: [Row]
  private let parameterSum: String
  private let macSum: String

  init(_ network: Network) {
    rows = zip(network.layers, network.shapes).map { layer, shape in
      let kind = layer.operation.kind
      let inputs = network.inputShapes(of: layer)
      let parameters = kind.parameters(for: inputs).reduce(0) {
        $0 + ($1.isTrained ? $1.count : 0)
      }
      return Row(
        name: layer.name, operation: ([kind.keyword] + kind.arguments).joined(separator: " "),
        shape: "\(shape)", parameters: NumberFormat.grouped(parameters),
        macs: NumberFormat.grouped(kind.macs(inputs: inputs, output: shape)),
        weights: network.weight(of: layer).flatMap { HistogramPicture(of: $0.values) },
        activations: network.activations[layer.name].flatMap { HistogramPicture(of: $0) })
    }
    parameterSum = NumberFormat.grouped(network.parameterCount)
    macSum = NumberFormat.grouped(network.macs)
  }
}

extension Network {
  /// A layer's weights, if it has any.
  func weight(of layer: Layer) -> Tensor? { parameters["\(layer.name).weight"] }
}
