import Export

/// Where the instructions or cycles of one inference went.
struct FirmwareProfile {
  /// A layer's share.
  struct Layer: Encodable {
    /// The layer's name; of the last, what is left: the picture's rows, the walk and the output.
    var name: String
    /// What it computes.
    var operation: String
    /// Multiply-accumulates, nominal.
    var macs: Int
    /// Instructions of one inference, where those were counted.
    var instructions: Int?
    /// Else its cycles.
    var cycles: Int?

    init(name: String, operation: String, macs: Int, _ count: Int, _ unit: ProfileCounts.Unit) {
      (self.name, self.operation, self.macs) = (name, operation, macs)
      switch unit {
      case .instructions: instructions = count
      case .cycles: cycles = count
      }
    }
  }

  /// The layers that compute, in order, and last what is left.
  let layers: [Layer]
  private let counts: ProfileCounts

  /// Names what was counted.
  /// - Parameters:
  ///   - counts: by record.
  ///   - model: whose records they are.
  /// - Throws: `Failure` where they are not this model's, or nothing was counted.
  init(_ counts: ProfileCounts, of model: HostModel) throws {
    let layers = Inspection(model).layers
    if let index = counts.parts.keys.filter({ !layers.indices.contains($0) }).min() {
      throw Failure("the profile has record \(index), the model records 0 to \(layers.count - 1)")
    }
    guard counts.total > 0 else {
      throw Failure("the profile counts no \(counts.unit.rawValue): the counter stood still")
    }
    self.counts = counts
    self.layers =
      counts.parts.sorted { $0.key < $1.key }.map {
        Layer(
          name: layers[$0.key].name, operation: layers[$0.key].operation,
          macs: layers[$0.key].macs, $0.value, counts.unit)
      } + [
        Layer(
          name: "the rest", operation: "picture, walk, output", macs: 0,
          counts.total - counts.parts.values.reduce(0, +), counts.unit)
      ]
  }

  /// A row for each layer.
  var table: String {
    var table = Table([
      .left("layer"), .left("op"), .right("MACs"), .right(counts.unit.rawValue), .right("share"),
      .right("a MAC"),
    ])
    for layer in layers {
      let count = layer.instructions ?? layer.cycles ?? 0
      table.add([
        layer.name, layer.operation, layer.macs > 0 ? NumberFormat.grouped(layer.macs) : "",
        NumberFormat.grouped(count),
        NumberFormat.percent(Double(count) / Double(counts.total)),
        layer.macs > 0
          ? NumberFormat.decimal(Double(count) / Double(layer.macs), places: 2) : "",
      ])
    }
    return table.text
  }
}
