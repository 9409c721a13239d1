import ArgumentParser
import Export
import Foundation
import Network
import Train

/// Sets a model file beside the checkpoint it was made from.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare int8 with float, layer by layer.",
    discussion: "Example: thimble compare small.thimble small.safetensors --data mnist")

  @OptionGroup var global: GlobalOptions
  @Argument(help: "The model file.") var model: String
  @Argument(help: "The checkpoint it was exported from.") var checkpoint: String
  @Option(help: "The data folder; else THIMBLE_DATA.") var data: String?
  @Option(help: "How many test pictures.") var count = 256

  func validate() throws {
    guard count >= 1 else { throw ValidationError("--count takes a number from 1") }
  }

  private struct Result: Encodable {
    struct Layer: Encodable {
      var name: String
      @Nullable var sqnr_db: Double?
      var saturated: Double
      var max_error: Double
      var worst_picture: Int
    }

    var images: Int
    @Nullable var first_departure: String?
    var layers: [Layer]
  }

  func run() throws {
    let model = try NetworkFile.model(model)
    let network = try NetworkFile.checkpoint(checkpoint).network
    let source = DataSource(environment: ProcessInfo.processInfo.environment)
    let test = try DatasetLoader(cache: source.cache, shape: network.input)
      .load(.test, from: source.folder(option: data))
    let positions = test.spreadPositions(count)
    let comparison = try compare(model, network, test, positions)
    if global.isJSON {
      return try JSONOutput.write(
        Result(
          images: positions.count, first_departure: comparison.firstDeparture?.name,
          layers: comparison.layers.map {
            Result.Layer(
              name: $0.name, sqnr_db: $0.sqnr.isFinite ? $0.sqnr : nil, saturated: $0.saturated,
              max_error: $0.maximumError, worst_picture: positions[$0.worstPicture])
          }))
    }
    var table = Table([
      .left("layer"), .right("SQNR dB"), .right("saturated"), .right("largest error"),
      .right("worst picture"),
    ])
    for layer in comparison.layers {
      table.add([
        layer.name, NumberFormat.decimal(layer.sqnr, places: 1),
        NumberFormat.percent(layer.saturated), NumberFormat.decimal(layer.maximumError, places: 5),
        "\(positions[layer.worstPicture])",
      ])
    }
    let limit = NumberFormat.decimal(LayerComparison.departure, places: 0)
    let verdict =
      comparison.firstDeparture.map { "\($0.name) is the first layer below \(limit) dB" }
      ?? "no layer is below \(limit) dB"
    try StandardOutput.write(table.text + "\n\(verdict), over \(positions.count) test pictures\n")
  }

  /// Goes over the pictures in parts, so that memory doesn't grow with their number.
  private func compare(
    _ model: HostModel, _ network: Network, _ test: Dataset, _ positions: [Int]
  ) throws -> LayerComparison {
    var comparison: LayerComparison
    do throws(ExportError) {
      comparison = try LayerComparison(of: model, with: network)
    } catch { throw Failure("\(self.model): \(error)") }
    let bar = ProgressBar("comparing", total: positions.count, unit: "pictures")
    try Interruption.polled {
      for start in stride(from: 0, to: positions.count, by: Network.sampleCount) {
        try Interruption.check()
        let end = min(start + Network.sampleCount, positions.count)
        comparison.add(try network.samples(of: test, at: positions[start..<end]))
        bar.update(end)
      }
    }
    return comparison
  }
}
