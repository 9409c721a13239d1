import Train

/// What a network's training takes, layer by layer.
struct TrainingBench {
  private static let batch = 128
  private let profile: TrainingProfile

  private struct Result: Encodable {
    struct Layer: Encodable {
      var name: String
      var forward_us: Double
      var backward_us: Double
      var forward_peak_share: Double
      var backward_peak_share: Double
    }

    var us: Double
    var batch: Int
    var peak_gmacs: Double
    var layers: [Layer]
  }

  /// Measures for `seconds`.
  /// - Throws: a `Failure` for what is no network, or none with labels.
  init(network name: String, seconds: Double) throws {
    let network = try NetworkSource(name).network
    guard network.output.height == 1, network.output.width == 1 else {
      throw Failure("\(name): the output is \(network.output), and training takes one pixel")
    }
    profile = TrainingProfile(of: network, batch: Self.batch, seconds: seconds)
  }

  /// Prints a table, or JSON.
  func report(_ global: GlobalOptions) throws {
    let result = Result(
      us: profile.seconds * 1e6, batch: Self.batch, peak_gmacs: profile.peak / 1e9,
      layers: profile.layers.map { layer in
        func share(_ macs: Int, _ seconds: Double) -> Double {
          seconds > 0 ? Double(macs) / seconds / profile.peak : 0
        }
        return Result.Layer(
          name: layer.name, forward_us: layer.seconds.forward * 1e6,
          backward_us: layer.seconds.backward * 1e6,
          forward_peak_share: share(layer.macs.forward, layer.seconds.forward),
          backward_peak_share: share(layer.macs.backward, layer.seconds.backward))
      })
    if global.isJSON { return try JSONOutput.write(result) }
    var table = Table([
      .left("layer"), .right("forward us"), .right("of peak"), .right("backward us"),
      .right("of peak"),
    ])
    for layer in result.layers {
      func share(_ share: Double) -> String { share > 0 ? NumberFormat.percent(share) : "" }
      table.add([
        layer.name, NumberFormat.decimal(layer.forward_us, places: 2),
        share(layer.forward_peak_share), NumberFormat.decimal(layer.backward_us, places: 2),
        share(layer.backward_peak_share),
      ])
    }
    try StandardOutput.write(
      table.text
        + "\n\(NumberFormat.decimal(result.us, places: 2)) us a picture, batches of \(Self.batch) "
        + "on one thread; peak \(NumberFormat.decimal(result.peak_gmacs, places: 1)) GMAC/s, "
        + "a layer's MACs as it is defined\n")
  }
}
