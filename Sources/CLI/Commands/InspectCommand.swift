import ArgumentParser
import Export
import Foundation
import TinyRuntime

/// Shows what a model file holds.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show a model file's header, layers, plan and sizes.",
    discussion: "Example: thimble inspect Models/digits.thimble --graph")

  @OptionGroup var global: GlobalOptions
  @Argument(help: "The model file.") var model: String
  @Flag(help: "Draw the graph, and the arena from the first step to the last.") var graph = false
  @Option(help: "Write the arena over time as an SVG picture to this file.")
  var arenaPicture: String?

  private struct Result: Encodable {
    struct Layer: Encodable {
      var name: String
      var operation: String
      var inputs: [Int]
      var shape: String
      @Nullable var window: String?
      var macs: Int
      var macs_done: Int
      @Nullable var encoding: String?
      var bytes: Int
      @Nullable var scale: Double?
      var zero_point: Int
      var ring_rows: Int
      var rows: Int
      var arena_offset: Int
      var arena_bytes: Int
    }

    var version: Int
    var roundings: [String]
    var file_bytes: Int
    var arena_bytes: Int
    var weight_ram_bytes: Int
    var macs: Int
    var macs_done: Int
    var layers: [Layer]
    var checksum: String
    @Nullable var signature: String?
    @Nullable var labels: [String]?
    @Nullable var source: String?
  }

  func run() throws {
    try FilePlace.requireApart(
      writing: arenaPicture.map { [$0] } ?? [], reading: [self.model])
    let model = try NetworkFile.model(model)
    let inspection = Inspection(model)
    if let arenaPicture {
      try OutputFile.write(Data(ArenaPicture(model).svg.utf8), to: arenaPicture)
    }
    if global.isJSON { return try JSONOutput.write(result(model, inspection)) }
    let metadata = model.metadata
    try StandardOutput.write(
      """
      \(self.model): format \(inspection.version), checksum \(ModelError.hex(inspection.checksum)), not signed
      \(NumberFormat.grouped(model.file.count)) bytes of file, \
      \(NumberFormat.grouped(model.model.arenaByteCount)) of arena, \
      \(NumberFormat.grouped(model.model.weightRAMByteCount)) of weight RAM, \
      \(NumberFormat.grouped(inspection.macs)) MACs \
      (\(NumberFormat.grouped(inspection.macsDone)) done), \
      rounding \(inspection.roundings.joined(separator: ", "))
      \(metadata?.source.map { "made by: \($0)\n" } ?? "")
      """)
    try StandardOutput.write(
      graph ? drawing(inspection) + "\n" + drawing(ArenaPicture(model)) : table(inspection))
  }

  private func result(_ model: HostModel, _ inspection: Inspection) -> Result {
    Result(
      version: inspection.version, roundings: inspection.roundings, file_bytes: model.file.count,
      arena_bytes: model.model.arenaByteCount, weight_ram_bytes: model.model.weightRAMByteCount,
      macs: inspection.macs, macs_done: inspection.macsDone,
      layers: inspection.layers.map {
        Result.Layer(
          name: $0.name, operation: $0.operation, inputs: $0.inputs, shape: $0.shape,
          window: $0.window, macs: $0.macs, macs_done: $0.macsDone, encoding: $0.encoding,
          bytes: $0.byteCount,
          scale: $0.scale, zero_point: $0.zeroPoint, ring_rows: $0.ringHeight, rows: $0.rowCount,
          arena_offset: $0.arenaOffset, arena_bytes: $0.arenaByteCount)
      },
      checksum: ModelError.hex(inspection.checksum), signature: nil,
      labels: model.metadata?.labels, source: model.metadata?.source)
  }

  private func table(_ inspection: Inspection) -> String {
    var table = Table([
      .right("#"), .left("layer"), .left("op"), .left("reads"), .right("shape"), .left("window"),
      .right("MACs"), .right("done"), .right("bytes"), .left("stored"), .right("scale"),
      .right("zero"),
      .right("rows"), .right("arena at"), .right("bytes"),
    ])
    for (index, layer) in inspection.layers.enumerated() {
      table.add([
        "\(index)", layer.name, layer.operation,
        layer.inputs.map(String.init).joined(separator: ","), layer.shape, layer.window ?? "",
        NumberFormat.grouped(layer.macs), NumberFormat.grouped(layer.macsDone),
        NumberFormat.grouped(layer.byteCount),
        layer.encoding ?? "", layer.scale.map { NumberFormat.decimal($0, places: 6) } ?? "",
        "\(layer.zeroPoint)", "\(layer.ringHeight)/\(layer.rowCount)",
        NumberFormat.grouped(layer.arenaOffset), NumberFormat.grouped(layer.arenaByteCount),
      ])
    }
    return table.text
  }

  /// A line a layer, under the layers it reads, with a bar as long as its share of the arena.
  private func drawing(_ inspection: Inspection) -> String {
    let most = inspection.layers.map(\.arenaByteCount).max() ?? 1
    return inspection.layers.enumerated().map { index, layer in
      let skips = layer.inputs.filter { $0 != index - 1 }.map { "#\($0)" }
      let isChained = layer.inputs.contains(index - 1)
      let edge = index == 0 ? "" : (isChained ? "  │" : "  ╵") + "\n"
      let reads = skips.isEmpty ? "" : "  ◄ \(skips.joined(separator: " "))"
      if layer.ringHeight == 0 {
        return edge
          + "#\(index) \(layer.name)  \(layer.shape)\(reads)  never stored, pooled as it is made\n"
      }
      let bar = String(repeating: "█", count: max(1, layer.arenaByteCount * 24 / most))
      return edge + "#\(index) \(layer.name)  \(layer.shape)\(reads)  \(bar) "
        + "\(NumberFormat.grouped(layer.arenaByteCount)) bytes, "
        + "\(layer.ringHeight) of \(layer.rowCount) rows\n"
    }.joined()
  }

  /// The arena over time, with what its letters mean.
  private func drawing(_ picture: ArenaPicture) -> String {
    let legend = picture.layersShown.map {
      "\(ArenaPicture.letter(of: $0)) \(picture.names[$0])"
    }.joined(separator: "  ")
    return "the arena, \(NumberFormat.grouped(picture.byteCount)) bytes from top to bottom, in "
      + "\(NumberFormat.grouped(picture.stepCount)) steps from left to right; at most "
      + "\(NumberFormat.grouped(picture.mostInUse)) in use\n"
      + picture.text(columns: 96, rows: 24).map { $0 + "\n" }.joined()
      + "\(legend)  # the walk's state  · free\n"
  }
}
