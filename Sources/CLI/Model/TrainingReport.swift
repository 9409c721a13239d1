/// What `train` says at its end.
struct TrainingReport {
  /// As it was given.
  let network: String
  let epochs: Int
  /// One a seed.
  let results: [Fitting.Result]
  /// In the order of the results.
  let testAccuracies: [Double]?
  let seconds: Double

  private struct One: Encodable {
    var network: String
    var parameters: Int
    var epochs: Int
    var kept_epoch: Int
    var seed: UInt64
    @Nullable var validation_accuracy: Double?
    var seconds: Double
    @Nullable var images_per_second: Double?
    var output: String
  }

  private struct Many: Encodable {
    struct Run: Encodable {
      var seed: UInt64
      var parameters: Int
      var kept_epoch: Int
      @Nullable var validation_accuracy: Double?
      @Nullable var test_accuracy: Double?
      @Nullable var images_per_second: Double?
      var output: String
    }

    var network: String
    /// Null where that is not the same for all runs.
    @Nullable var parameters: Int?
    var epochs: Int
    var runs: [Run]
    @Nullable var validation_accuracy: Double?
    @Nullable var validation_accuracy_deviation: Double?
    @Nullable var test_accuracy: Double?
    @Nullable var test_accuracy_deviation: Double?
    var seconds: Double
  }

  private var validation: Spread? { Spread(results.compactMap(\.validationAccuracy)) }
  /// Where channels were taken out, runs may differ in it; each once, rising.
  private var parameterCounts: [Int] { Set(results.map(\.network.parameterCount)).sorted() }
  private var test: Spread? { Spread(testAccuracies ?? []) }

  /// Writes it to standard output: a line, or a table where there are several seeds.
  func write(isJSON: Bool) throws {
    guard results.count > 1 else {
      let result = results[0]
      let parameters = result.network.parameterCount
      if isJSON {
        return try JSONOutput.write(
          One(
            network: network, parameters: parameters, epochs: epochs, kept_epoch: result.keptEpoch,
            seed: result.seed, validation_accuracy: result.validationAccuracy, seconds: seconds,
            images_per_second: result.picturesPerSecond, output: result.output))
      }
      let score = result.validationAccuracy.map {
        ", validation accuracy \(NumberFormat.percent($0))"
      }
      let kept = result.keptEpoch < epochs ? " of epoch \(result.keptEpoch)" : ""
      return try StandardOutput.line(
        "\(result.output): \(network), \(NumberFormat.grouped(parameters)) parameters"
          + (score ?? "") + kept)
    }
    if isJSON { return try JSONOutput.write(many) }
    let counts = parameterCounts.map(NumberFormat.grouped).joined(separator: ", ")
    try StandardOutput.write(table.text + "\n\(network): \(counts) parameters\n")
  }

  private var many: Many {
    let counts = parameterCounts
    let runs = results.enumerated().map { index, result in
      Many.Run(
        seed: result.seed, parameters: result.network.parameterCount, kept_epoch: result.keptEpoch,
        validation_accuracy: result.validationAccuracy, test_accuracy: testAccuracies?[index],
        images_per_second: result.picturesPerSecond, output: result.output)
    }
    return Many(
      network: network, parameters: counts.count == 1 ? counts[0] : nil, epochs: epochs,
      runs: runs,
      validation_accuracy: validation?.mean, validation_accuracy_deviation: validation?.deviation,
      test_accuracy: test?.mean, test_accuracy_deviation: test?.deviation, seconds: seconds)
  }

  private var table: Table {
    let percent = { (share: Double?) in share.map(NumberFormat.percent) ?? "-" }
    var table = Table(
      [.left("seed"), .right("epoch"), .right("validation"), .right("test"), .left("checkpoint")])
    for (index, result) in results.enumerated() {
      table.add([
        "\(result.seed)", "\(result.keptEpoch)", percent(result.validationAccuracy),
        percent(testAccuracies?[index]), result.output,
      ])
    }
    table.add(["mean", "", percent(validation?.mean), percent(test?.mean), ""])
    table.add(["deviation", "", percent(validation?.deviation), percent(test?.deviation), ""])
    return table
  }
}
