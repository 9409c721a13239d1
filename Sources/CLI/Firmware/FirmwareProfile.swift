import Export

/// Where the instructions of one inference went.
struct FirmwareProfile {
  /// A layer's share.
  struct Layer: Encodable {
    /// The layer's name; of the last, what is left: the picture's rows, the walk and the output.
    var name: String
    /// What it computes.
    var operation: String
    /// Multiply-accumulates, nominal.
    var macs: Int
    /// Instructions of one inference.
    var instructions: Int
  }

  /// The layers that compute, in order, and last what is left.
  let layers: [Layer]
  private let instructions: Int

  /// Names what was counted.
  /// - Parameters:
  ///   - parts: instructions by record.
  ///   - instructions: of the whole inference.
  ///   - model: whose records they are.
  init(_ parts: [Int: Int], of instructions: Int, _ model: HostModel) {
    let layers = Inspection(model).layers
    self.instructions = instructions
    self.layers =
      parts.sorted { $0.key < $1.key }.filter { layers.indices.contains($0.key) }.map {
        Layer(
          name: layers[$0.key].name, operation: layers[$0.key].operation,
          macs: layers[$0.key].macs, instructions: $0.value)
      } + [
        Layer(
          name: "the rest", operation: "picture, walk, output", macs: 0,
          instructions: instructions - parts.values.reduce(0, +))
      ]
  }

  /// A row for each layer.
  var table: String {
    var table = Table([
      .left("layer"), .left("op"), .right("MACs"), .right("instructions"), .right("share"),
      .right("a MAC"),
    ])
    for layer in layers {
      table.add([
        layer.name, layer.operation, layer.macs > 0 ? NumberFormat.grouped(layer.macs) : "",
        NumberFormat.grouped(layer.instructions),
        NumberFormat.percent(Double(layer.instructions) / Double(instructions)),
        layer.macs > 0
          ? NumberFormat.decimal(Double(layer.instructions) / Double(layer.macs), places: 2) : "",
      ])
    }
    return table.text
  }
}
