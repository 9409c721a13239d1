import Network
import TinyRuntime

/// Says how large the files of one network become as its weights change, with weights compressed.
public final class FileSizer {
  private let options: ExportOptions
  /// It depends on the layers alone, which seldom change in a training.
  private var planned: (layers: String, plan: Plan)?

  /// Creates a sizer for files that are exported with these options, but for encoding and budgets.
  public init(_ options: ExportOptions) { self.options = options }

  /// The file of a network that was trained for its grids.
  /// - Throws: `ExportError` where there can't be one.
  public func size(of network: Network) throws(ExportError) -> CodedSize {
    let folded = try FoldedNetwork(simplifying: network)
    let quantizations = try folded.quantizations(of: network, by: nil)
    let quantized = try QuantizedNetwork(folded, quantizations) {
      network.grid(of: $0, choosing: nil)
    }
    let names = folded.nodes.map(\.name)
    let plan = try plan(of: quantized, names, layers: network.text)
    let packing = WeightPacking(quantized, packs: true)
    let file = try ModelFile.bytes(
      of: quantized, plan, packing.compressed, Metadata(names, quantizations, options))
    let lengths = zip(names, quantized.nodes).compactMap { name, node in
      CodeLengths(node).map { (name, $0) }
    }
    return CodedSize(
      byteCount: file.count, weightByteCount: packing.balance.compressedByteCount,
      weightCount: packing.inPlace.reduce(0) { $0 + $1.weightCount },
      lengths: Dictionary(uniqueKeysWithValues: lengths))
  }

  private func plan(
    of network: QuantizedNetwork, _ names: [String], layers: String
  ) throws(ExportError) -> Plan {
    if let planned, planned.layers == layers { return planned.plan }
    let plan = try Planner.plan(network, names: names, for: options.goal)
    planned = (layers, plan)
    return plan
  }
}

extension Metadata {
  /// What a file exported with `options` says of itself.
  init(
    _ names: [String], _ quantizations: [ActivationQuantization], _ options: ExportOptions
  ) {
    self.init(
      names: names, scales: quantizations.map { Float($0.scale) }, labels: options.labels,
      source: options.source, foreground: options.foreground)
  }
}
