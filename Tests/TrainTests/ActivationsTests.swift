import Network
import Testing
import Train

@Suite struct ActivationsTests {
  @Test("histograms count every value of every picture")
  func counts() throws {
    let network = try sampleNetwork(awkwardNetworks[4], seed: 8)
    let dataset = try sampleDataset(network.input, count: 20, labels: 3, seed: 9)
    let recorded = try network.recordingActivations(of: dataset)
    #expect(Set(recorded.activations.keys) == Set(network.layers.map(\.name)))
    for (layer, shape) in zip(network.layers, network.shapes) {
      let histogram = try #require(recorded.activations[layer.name])
      #expect(histogram.counts.count == ActivationHistogram.binCount)
      #expect(histogram.counts.reduce(0, +) == Float(20 * shape.count))
      #expect(histogram.counts.first! > 0 && histogram.counts.last! > 0)
    }
    let relu = try #require(recorded.activations["relu1"])
    #expect(relu.minimum >= 0)
  }

  @Test("of a large dataset no more than 512 pictures are recorded")
  func limit() throws {
    let network = try sampleNetwork("input 1x1x1\nrelu", seed: 1)
    let dataset = try sampleDataset(network.input, count: 1300, labels: 1, seed: 1)
    let recorded = try network.recordingActivations(of: dataset)
    #expect(recorded.activations["relu1"]!.counts.reduce(0, +) == 512)
  }

  @Test("a constant output is one full bin")
  func constant() throws {
    var network = try Network(text: "input 1x2x1\ndense 1")
    network.parameters["dense1.weight"] = Tensor(shape: [1, 1, 2, 1], values: [0, 0])
    network.parameters["dense1.bias"] = Tensor(shape: [1], values: [0.5])
    let dataset = try sampleDataset(network.input, count: 3, labels: 1, seed: 1)
    let histogram = try network.recordingActivations(of: dataset).activations["dense1"]!
    #expect(histogram.minimum == 0.5 && histogram.maximum == 0.5)
    #expect(histogram.counts[0] == 3)
  }

  @Test("an output that is hardly more than 0 is in the first bin")
  func tiny() throws {
    var network = try Network(text: "input 1x2x1\ndense 2 bias=no")
    let least = Float.leastNonzeroMagnitude
    network.parameters["dense1.weight"] = Tensor(
      shape: [2, 1, 2, 1], values: [least, 0, 3 * least, 0])
    let dataset = try Dataset(
      shape: network.input, pixels: .init(repeating: 255, count: 6), labels: [0, 1, 0],
      labelNames: ["0", "1"])
    let histogram = try network.recordingActivations(of: dataset).activations["dense1"]!
    #expect(histogram.minimum == least && histogram.maximum == 3 * least)
    #expect(histogram.counts[0] == 6)
  }

  @Test("an untrained network follows from the seed and is of a sane size")
  func untrained() throws {
    let network = Preset.tiny.network.untrained(seed: 3)
    #expect(network == Preset.tiny.network.untrained(seed: 3))
    #expect(network != Preset.tiny.network.untrained(seed: 4))
    #expect(network.parameters.count == network.parameterShapes.count)
    for layer in network.layers {
      let histogram = try #require(network.activations[layer.name])
      #expect(histogram.maximum < 100 && histogram.minimum > -100)
      #expect(histogram.maximum > histogram.minimum)
    }
  }
}
