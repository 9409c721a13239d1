import Network
import Testing

@testable import Train

@Suite struct WeightQuantizerTests {
  /// A network whose convolutions have batch norms behind them, two of them one after another, and its parameters on
  /// grids, by name.
  private func quantized(
    _ grid: WeightGrid, seed: UInt64
  ) throws -> (network: Network, quantized: [String: [Float]]) {
    var network = try sampleNetwork(
      """
      input 6x5x2
      conv 3 5
      batchnorm
      batchnorm
      relu
      depthwise 2
      batchnorm
      dense 3
      """, seed: seed)
    // A factor below 0, and one that takes all away.
    network.parameters["batchnorm1.weight"]?.values[1] = -0.7
    network.parameters["batchnorm1.weight"]?.values[2] = 0
    network.quantization = Quantization(
      weights: [
        .init(
          layer: "conv1", grid: grid, input: "input", output: "relu1",
          batchNorms: ["batchnorm1", "batchnorm2"]),
        .init(
          layer: "depthwise1", grid: grid, input: "relu1", output: "batchnorm3",
          batchNorms: ["batchnorm3"]),
        .init(layer: "dense1", grid: grid, input: "batchnorm3", output: "dense1"),
      ],
      ranges: [
        "relu1": ActivationRange(0, 3), "batchnorm3": ActivationRange(-2, 3),
        "dense1": ActivationRange(-2, 2),
      ])
    return (network, try onGrids(network).mapValues(\.values))
  }

  /// A network's parameters on its grids.
  private func onGrids(_ network: Network) throws -> [String: Tensor] {
    let quantization = try #require(network.quantization)
    let layout = ParameterLayout(network)
    let parameters = Memory<Float>(count: layout.count)
    layout.load(network.parameters, into: parameters.start)
    let graph = Graph(network)
    let ranges = try graph.quantizedLayers.map {
      try #require(quantization.ranges[network.layers[$0].name])
    }
    #expect(ranges.count == quantization.ranges.count)
    let ends = Memory<Float>(ranges.flatMap { [$0.low, $0.high] })
    let quantizer = WeightQuantizer(
      quantization, of: network, graph, layout, parameters: parameters.start, ranges: ends.start)
    quantizer.quantize(Workers(count: 2))
    return layout.tensors(quantizer.quantized.start)
  }

  /// A channel's factor: those of the batch norms multiplied.
  private func factor(_ network: Network, _ norms: [String], _ channel: Int) -> Double {
    norms.reduce(1) { product, norm in
      let weight = Double(network.parameters["\(norm).weight"]!.values[channel])
      let variance = Double(network.parameters["\(norm).running_variance"]!.values[channel])
      return product * weight / (variance + 1e-5).squareRoot()
    }
  }

  @Test("folded weights are on the exporter's grid", arguments: WeightGrid.allCases, [1, 2, 3, 4])
  func weights(grid: WeightGrid, seed: UInt64) throws {
    let (network, quantized) = try quantized(grid, seed: seed)
    for (layer, norms) in [
      ("conv1", ["batchnorm1", "batchnorm2"]), ("depthwise1", ["batchnorm3"]), ("dense1", []),
    ] {
      let tensor = try #require(network.parameters["\(layer).weight"])
      let isChannelLast = layer == "depthwise1"
      let channels = isChannelLast ? tensor.shape[2] : tensor.shape[0]
      let run = tensor.values.count / channels
      for channel in 0..<channels {
        let factor = factor(network, norms, channel)
        let places = (0..<run).map { isChannelLast ? $0 * channels + channel : channel * run + $0 }
        let (scale, numbers) = grid.quantized(places.map { Double(tensor.values[$0]) * factor })
        for (place, number) in zip(places, numbers) {
          let found = Double(try #require(quantized["\(layer).weight"])[place]) * factor
          let expected = factor == 0 ? 0 : scale * Double(number)
          #expect(abs(found - expected) <= 1e-4 * scale, "\(layer) \(channel)")
        }
      }
    }
  }

  @Test("folded biases are whole steps of the sum", arguments: WeightGrid.allCases)
  func biases(grid: WeightGrid) throws {
    let (network, quantized) = try quantized(grid, seed: 9)
    let weights = try #require(network.parameters["dense1.weight"]).values
    let input = ActivationRange(-2, 3).grid.scale
    let scales = (0..<3).map { channel in
      let run = weights.count / 3
      return grid.quantized(weights[channel * run..<(channel + 1) * run].map(Double.init)).scale
    }
    let output = ActivationRange(-2, 2).grid.scale
    let shift = grid.shift(largestScale: input * (scales.max() ?? 0) / output)
    for channel in 0..<3 {
      let step = input * scales[channel] / Double(1 << shift)
      let found = Double(try #require(quantized["dense1.bias"])[channel])
      let exact = Double(try #require(network.parameters["dense1.bias"]).values[channel])
      #expect(abs(found / step - (found / step).rounded()) < 1e-3)
      #expect(abs(found - exact) <= step * 0.501)
    }
    // The last batch norm's bias makes up for all.
    #expect(quantized["conv1.bias"] == network.parameters["conv1.bias"]?.values)
    #expect(quantized["batchnorm1.bias"] == network.parameters["batchnorm1.bias"]?.values)
    #expect(quantized["batchnorm2.bias"] != network.parameters["batchnorm2.bias"]?.values)
  }

  @Test("channels of zeros leave the others' grids alone", arguments: WeightGrid.allCases)
  func zeroChannels(grid: WeightGrid) throws {
    var network = try sampleNetwork("input 6x5x2\nconv 3 5\nrelu\ndense 3", seed: 5)
    network.quantization = Quantization(
      weights: [
        .init(layer: "conv1", grid: grid, input: "input", output: "relu1"),
        .init(layer: "dense1", grid: grid, input: "relu1", output: "dense1"),
      ],
      ranges: ["relu1": ActivationRange(0, 3), "dense1": ActivationRange(-9, 9)])
    network.clear(ChannelGroups(network).groups[1].parameters)
    var quantized = network
    quantized.parameters = try onGrids(network)
    let expected = quantized.withoutZeroChannels.parameters
    let found = try onGrids(network.withoutZeroChannels)
    for (name, tensor) in expected {
      let values = try #require(found[name]).values
      #expect(tensor.values.count == values.count)
      #expect(zip(tensor.values, values).allSatisfy { abs($0 - $1) < 1e-6 }, "\(name)")
    }
  }

  @Test("weights that are no numbers stay what they are")
  func notFinite() throws {
    var network = try sampleNetwork("input 1x1x4\ndense 2", seed: 1)
    network.parameters["dense1.weight"]?.values[1] = .nan
    network.quantization = Quantization(
      weights: [.init(layer: "dense1", grid: .int8, input: "input", output: "dense1")],
      ranges: ["dense1": ActivationRange(0, 1)])
    let engine = Engine(
      network, purpose: .inference, batch: 0, workers: Workers(count: 1))
    engine.settleForInference()
    engine.infer(worker: 0)
  }
}
