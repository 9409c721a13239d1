import Export

/// What `export` says, to people and to scripts.
struct ExportView {
  let report: ExportReport
  let accuracies: (float: Double, int8: Double)?
  /// Whether errors were measured on noise, for want of pictures.
  let isMeasuredOnNoise: Bool

  struct JSON: Encodable {
    var file_bytes: Int
    var weight_bytes: Int
    var arena_bytes: Int
    var weight_ram_bytes: Int
    var macs: Int
    @Nullable var float_accuracy: Double?
    @Nullable var int8_accuracy: Double?
    var calibration: String
    var calibration_errors: [String: Double]
    var deflate: Deflate
    var layers: [Layer]

    struct Deflate: Encodable {
      var saved_bytes: Int
      var weight_ram_bytes: Int
      var pays: [String: Bool]
    }

    struct Layer: Encodable {
      var name: String
      var operation: String
      var shape: String
      var macs: Int
      var bytes: Int
      @Nullable var encoding: String?
      var scale: Double
      var zero_point: Int
      @Nullable var sqnr_db: Double?
      var accumulator_bound: Int
      var scale_error: Double
      var ring_rows: Int
      var arena_bytes: Int
    }
  }

  var json: JSON {
    JSON(
      file_bytes: report.fileByteCount, weight_bytes: report.weightByteCount,
      arena_bytes: report.arenaByteCount, weight_ram_bytes: report.weightRAMByteCount,
      macs: report.macs, float_accuracy: accuracies?.float, int8_accuracy: accuracies?.int8,
      calibration: report.method?.rawValue ?? "trained",
      calibration_errors: Dictionary(
        uniqueKeysWithValues: report.trials.map { ($0.method.rawValue, $0.outputError) }),
      deflate: JSON.Deflate(
        saved_bytes: report.deflate.saved, weight_ram_bytes: report.deflate.weightRAMByteCount,
        pays: Dictionary(
          uniqueKeysWithValues: DeflateBalance.targets.map {
            ($0.name, report.deflate.pays(on: $0))
          })
      ),
      layers: report.layers.map { layer in
        JSON.Layer(
          name: layer.name, operation: layer.operation, shape: layer.shape, macs: layer.macs,
          bytes: layer.byteCount, encoding: layer.encoding, scale: layer.quantization.scale,
          zero_point: Int(layer.quantization.zeroPoint),
          sqnr_db: layer.sqnr.flatMap { $0.isFinite ? $0 : nil },
          accumulator_bound: layer.accumulatorBound, scale_error: layer.scaleError,
          ring_rows: layer.ringHeight, arena_bytes: layer.arenaByteCount)
      })
  }

  var text: String {
    var table = Table([
      .left("layer"), .left("op"), .right("shape"), .right("MACs"), .right("bytes"),
      .left("stored"),
      .right("scale"), .right("zero"), .right("SQNR dB"), .right("rows"), .right("arena"),
    ])
    for layer in report.layers {
      table.add([
        layer.name, layer.operation, layer.shape, NumberFormat.grouped(layer.macs),
        NumberFormat.grouped(layer.byteCount), layer.encoding ?? "",
        NumberFormat.decimal(layer.quantization.scale, places: 6),
        "\(layer.quantization.zeroPoint)",
        layer.sqnr.map { NumberFormat.decimal($0, places: 1) } ?? "", "\(layer.ringHeight)",
        NumberFormat.grouped(layer.arenaByteCount),
      ])
    }
    return table.text + "\n" + [ranges, deflate, sums, scores].joined(separator: "\n") + "\n"
  }

  private var ranges: String {
    guard let method = report.method else {
      return "ranges: those that the network was trained for"
    }
    let errors = report.trials.map {
      "\($0.method.rawValue) \(NumberFormat.decimal($0.outputError, places: 5))"
    }.joined(separator: ", ")
    return "ranges: \(method.rawValue), the least squared error of the output ("
      + errors + (isMeasuredOnNoise ? "; on noise)" : ")")
  }

  private var deflate: String {
    guard report.deflate.saved > 0 else {
      return "deflate: saves nothing of weights that are used in place"
    }
    let saved = NumberFormat.grouped(report.deflate.saved)
    let targets = DeflateBalance.targets.map {
      "\($0.name) \(report.deflate.pays(on: $0) ? "pays" : "does not pay") "
        + "(decoder \(NumberFormat.grouped($0.decoderByteCount)))"
    }.joined(separator: ", ")
    return "deflate: saves \(saved) bytes of file for "
      + "\(NumberFormat.grouped(report.deflate.weightRAMByteCount)) of RAM; \(targets)"
  }

  private var sums: String {
    "\(NumberFormat.grouped(report.fileByteCount)) bytes of file, "
      + "\(NumberFormat.grouped(report.arenaByteCount)) of arena, "
      + "\(NumberFormat.grouped(report.weightRAMByteCount)) of weight RAM, "
      + "\(NumberFormat.grouped(report.macs)) MACs"
  }

  private var scores: String {
    guard let accuracies else { return "accuracy: not known; give pictures with --calibration" }
    let weights = report.weights.map(\.rawValue).joined(separator: " and ")
    let before = report.method == nil ? "as trained" : "float"
    return "validation accuracy: \(before) \(NumberFormat.percent(accuracies.float)), "
      + "\(weights) \(NumberFormat.percent(accuracies.int8))"
  }
}
