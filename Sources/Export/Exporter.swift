import Network
import TinyRuntime

/// Turns a float network into a model file: simplify, calibrate, quantize, plan, pack, write, and load again.
public enum Exporter {
  /// Exports a network.
  ///
  /// Each method of choosing ranges is tried to the end: the file it leads to runs every sample, and the one whose outputs are
  /// nearest to the float network's is kept. A network that was trained for grids has its own ranges and weights' grids.
  /// - Parameters:
  ///   - network: with parameters, and histograms of its activations.
  ///   - samples: at least one picture with its activations.
  ///   - options: how.
  /// - Returns: the file, which was loaded and run, and the report.
  /// - Throws: `ExportError`; nothing is made where a budget is exceeded.
  public static func export(
    _ network: Network, samples: [Sample], options: ExportOptions = ExportOptions()
  ) throws(ExportError) -> ExportResult {
    precondition(!samples.isEmpty, "the exporter measures itself on at least one picture")
    try network.check(options.weights)
    let folded = try FoldedNetwork(simplifying: network)
    var best: Candidate?
    var trials: [ExportReport.Trial] = []
    // It depends on shapes only, so it is the same for all.
    var plan: Plan?
    let methods: [RangeMethod?] = network.quantization == nil ? RangeMethod.allCases : [nil]
    for method in methods {
      let candidate = try Candidate(network, folded, method, samples, plan, options)
      plan = candidate.plan
      let error = candidate.comparison.outputError
      if let method { trials.append(ExportReport.Trial(method: method, outputError: error)) }
      if error < best?.comparison.outputError ?? .infinity || best == nil { best = candidate }
    }
    // There are methods, so there is a best.
    let chosen = best!
    if let budget = options.flashBudget, chosen.file.count > budget {
      throw .flashBudget(needed: chosen.file.count, budget: budget)
    }
    if let budget = options.ramBudget, chosen.model.model.memoryByteCount > budget {
      throw .ramBudget(needed: chosen.model.model.memoryByteCount, budget: budget)
    }
    return ExportResult(
      file: chosen.file, report: chosen.report(folded, trials: trials))
  }
}

/// A model file made with one method of choosing ranges.
private struct Candidate {
  /// Nil for ranges that the network was trained for.
  let method: RangeMethod?
  let quantized: QuantizedNetwork
  let plan: Plan
  let weights: [PackedWeights]
  let balance: DeflateBalance
  let file: [UInt8]
  let model: HostModel
  let comparison: LayerComparison

  init(
    _ network: Network, _ folded: FoldedNetwork, _ method: RangeMethod?, _ samples: [Sample],
    _ plan: Plan?, _ options: ExportOptions
  ) throws(ExportError) {
    self.method = method
    let quantizations = try folded.quantizations(of: network, by: method)
    quantized = try QuantizedNetwork(folded, quantizations) {
      network.grid(of: $0, choosing: options.weights)
    }
    let names = folded.nodes.map(\.name)
    self.plan =
      if let plan { plan } else { try Planner.plan(quantized, names: names, for: options.goal) }
    let packing = WeightPacking(quantized, packs: options.encoding != .raw)
    balance = packing.balance
    let metadata = Metadata(names, quantizations, options)
    let fileInPlace = try ModelFile.bytes(of: quantized, self.plan, packing.inPlace, metadata)
    let isCompressed =
      switch options.encoding {
      case .raw, .packed: false
      case .deflate: true
      case .auto: fileInPlace.count > options.flashBudget ?? .max && balance.saved > 0
      }
    weights = isCompressed ? packing.compressed : packing.inPlace
    file =
      isCompressed
      ? try ModelFile.bytes(of: quantized, self.plan, packing.compressed, metadata) : fileInPlace
    do throws(ModelError) {
      model = try HostModel(file)
    } catch { throw .reload("\(error)") }
    var comparison = LayerComparison(of: model, folded, quantizations)
    comparison.add(samples)
    self.comparison = comparison
  }

  func report(_ folded: FoldedNetwork, trials: [ExportReport.Trial]) -> ExportReport {
    let measured = Dictionary(uniqueKeysWithValues: comparison.layers.map { ($0.name, $0.sqnr) })
    return ExportReport(
      weights: WeightGrid.allCases.filter { grid in
        quantized.nodes.contains { $0.grid == grid && !$0.weights.isEmpty }
      },
      layers: folded.nodes.indices.dropFirst().map { index in
        let node = folded.nodes[index]
        return ExportReport.Layer(
          name: node.name, operation: node.operation.code.word, shape: "\(node.shape)",
          macs: folded.macs(of: index),
          byteCount: quantized.nodes[index].constants.count * 4 + weights[index].storedByteCount,
          encoding: node.weights.isEmpty ? nil : "\(weights[index].encoding)",
          quantization: quantized.nodes[index].quantization, sqnr: measured[node.name],
          accumulatorBound: quantized.nodes[index].accumulatorBound,
          scaleError: quantized.nodes[index].scaleError,
          ringHeight: plan.edges[index].ringHeight, arenaByteCount: plan.edges[index].byteCount)
      },
      trials: trials, method: method, deflate: balance, fileByteCount: file.count,
      weightByteCount: weights.reduce(0) { $0 + $1.storedByteCount },
      arenaByteCount: model.model.arenaByteCount,
      weightRAMByteCount: model.model.weightRAMByteCount)
  }
}
