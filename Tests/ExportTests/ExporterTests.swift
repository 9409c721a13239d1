import Export
import Foundation
import Network
import Testing
import TinyRuntime
import Train

@Suite struct ExporterTests {
  private func export(
    _ network: Network, _ change: (inout ExportOptions) -> Void = { _ in }
  ) throws -> ExportResult {
    var options = ExportOptions()
    change(&options)
    return try Exporter.export(
      network, samples: noiseSamples(of: network, count: 2, seed: 7), options: options)
  }

  @Test("Folded batch norm, fused and moved ReLU leave the network what it was")
  func folds() throws {
    let text = """
      input 12x12x2
      batchnorm
      conv 3x3 6 bias=no
      batchnorm
      maxpool 2x2
      relu
      trunk: depthwise 3x3 padding=same
      batchnorm
      dropout 0.3
      conv 1x1 6
      add batchnorm3
      relu
      relu
      dense 8 bias=no
      batchnorm
      """
    let network = try Network(text: text).untrained(seed: 3)
    let result = try export(network)
    #expect(
      result.report.layers.map(\.operation) == [
        "depthwise", "conv", "maxpool", "depthwise", "conv", "add", "dense",
      ])
    for layer in result.report.layers {
      #expect(layer.sqnr ?? 99 > 20, "\(layer.name)")
    }
  }

  @Test("The same network gives the same bytes")
  func deterministic() throws {
    let network = Preset.lenet.network.untrained(seed: 2)
    #expect(try export(network).file == export(network).file)
  }

  @Test("Header, records and padding of a five-layer network take 200 bytes at most")
  func overhead() throws {
    let network = Preset.lenet.network.untrained(seed: 2)
    let result = try export(network)
    let model = try HostModel(result.file)
    #expect(result.report.layers.count == 5)
    let metadata = ModelFormat.sectionHeadByteCount + (model.metadata?.byteCount ?? 0)
    let blocks = result.report.layers.reduce(0) { $0 + $1.byteCount }
    #expect(result.file.count - metadata - blocks <= 200)
  }

  @Test("A budget that is exceeded is refused with both numbers")
  func budgets() throws {
    let network = Preset.lenet.network.untrained(seed: 2)
    let result = try export(network)
    let ram = result.report.arenaByteCount
    #expect(throws: ExportError.ramBudget(needed: ram, budget: 100)) {
      try export(network) { $0.ramBudget = 100 }
    }
    #expect(throws: ExportError.self) { try export(network) { $0.flashBudget = 100 } }
    #expect(try export(network) { $0.flashBudget = result.file.count }.file == result.file)
    // Packing is what brings it under.
    let packed = try export(network) { $0.flashBudget = result.file.count - 1 }
    #expect(packed.file.count < result.file.count)
    #expect(packed.report.weightRAMByteCount > 0)
  }

  @Test("Metadata comes back from the file")
  func metadata() throws {
    let network = Preset.lenet.network.untrained(seed: 2)
    let result = try export(network) {
      $0.labels = ["null", "één"]
      $0.source = "a test"
    }
    let metadata = try #require(HostModel(result.file).metadata)
    #expect(metadata.labels == ["null", "één"])
    #expect(metadata.source == "a test")
    #expect(metadata.names == ["picture", "conv1", "maxpool1", "conv2", "maxpool2", "dense1"])
    #expect(metadata.scales[0] == Float(1) / 255)
  }

  @Test("The method used is the one with the least measured error")
  func method() throws {
    let report = try export(Preset.lenet.network.untrained(seed: 2)).report
    #expect(report.trials.map(\.method) == RangeMethod.allCases)
    let least = try #require(report.trials.min { $0.outputError < $1.outputError })
    #expect(report.method == least.method)
  }

  @Test("A model compared with its own network agrees; with another it is refused")
  func compares() throws {
    let network = Preset.lenet.network.untrained(seed: 2)
    let samples = try noiseSamples(of: network, count: 2, seed: 9)
    let model = try HostModel(export(network).file)
    var comparison = try LayerComparison(of: model, with: network)
    comparison.add(samples)
    // What a pool took over has no output of its own.
    #expect(comparison.layers.map(\.name) == ["maxpool1", "maxpool2", "dense1"])
    #expect(comparison.firstDeparture == nil)
    #expect(throws: ExportError.otherNetwork(expected: 5, found: 6)) {
      let other = try Network(
        text: "input 28x28x1\nconv 3x3 2\nrelu\nmaxpool 2x2\nconv 3x3 2\ndense 10"
      ).untrained(seed: 1)
      _ = try LayerComparison(of: model, with: other)
    }
  }
}
