import Network
import Testing

@testable import Train

/// A network without its channels of zeros is the same function.
@Suite struct ZeroChannelsTests {
  /// Networks whose channels are tied in every way there is, and those that people prune.
  private static let texts =
    awkwardNetworks + [
      Preset.resnet8.text, Preset.dscnn.text,
      """
      input 6x5x2
      conv 3 6 padding=same
      batchnorm
      trunk: relu
      conv 1 9
      hardswish
      conv 1 6
      add trunk
      maxpool 2
      flatten
      batchnorm
      dense 24
      leakyrelu 0.1
      reshape 2x2x6
      upsample 2
      conv 2 4
      concat conv4
      globalmaxpool
      dense 3
      softmax
      """,
    ]

  /// A network with weights of a sane size, and biases and batch norms none of which is special.
  private func network(_ text: String, seed: UInt64) throws -> Network {
    var network = try sampleNetwork(text, seed: seed)
    let weights = network.initialized(seed: seed).parameters.filter { $0.value.shape.count > 1 }
    network.parameters.merge(weights) { $1 }
    return network
  }

  /// Some of a network's groups, so that every value keeps a channel.
  private func draw(_ channels: ChannelGroups, seed: UInt64) -> Set<Int> {
    var random = SplitMix(seed: seed)
    return channels.groups.indices.reduce(into: []) { chosen, group in
      guard random.below(2) == 0 else { return }
      let more = chosen.union([group])
      let leavesOne = channels.groupOfChannel.allSatisfy { groups in
        groups.contains { $0.map { !more.contains($0) } ?? true }
      }
      if leavesOne { chosen = more }
    }
  }

  /// Checks that each layer's output is what it was, less the channels that went, which were 0.
  private func expectSameOutputs(
    _ network: Network, _ rest: Network, keeping kept: [[Bool]], _ pictures: Dataset
  ) throws {
    var (oracle, other) = (Oracle(network), Oracle(rest))
    (oracle.isTraining, other.isTraining) = (false, false)
    let values = (0..<pictures.count).map { pictures.floats(at: $0).map(Double.init) }
    let (before, after) = (oracle.outputs(values), other.outputs(values))
    for (layer, kept) in kept.enumerated() {
      for (before, after) in zip(before[layer], after[layer]) {
        let left = before.values.indices.filter { kept[$0 % kept.count] }.map { before.values[$0] }
        #expect(left.count == after.values.count)
        #expect(zip(left, after.values).allSatisfy { abs($0 - $1) <= 1e-9 * max(1, abs($0)) })
        #expect(
          before.values.indices.allSatisfy { kept[$0 % kept.count] || before.values[$0] == 0 })
      }
    }
    try rest.forEachActivation(of: pictures, at: 0..<pictures.count) { layer, picture, values in
      guard layer == network.layers.count - 1 else { return }
      for (found, wanted) in zip(values, before[layer][picture].values) {
        #expect(abs(Double(found) - wanted) < 2e-5 * max(1, abs(wanted)))
      }
    }
  }

  @Test(
    "Without its channels of zeros it computes the same, and has as many fewer", arguments: texts)
  func sameFunction(text: String) throws {
    var count = 0
    for seed in 1...5 as ClosedRange<UInt64> {
      var network = try network(text, seed: seed)
      let channels = ChannelGroups(network)
      let chosen = draw(channels, seed: seed)
      count += chosen.count
      // The weights that read them, and running statistics, stay what they are.
      for group in chosen { network.clear(channels.groups[group].makers) }
      let rest = network.withoutZeroChannels
      let kept = channels.groupOfChannel.dropFirst().map { groups in
        groups.map { group in group.map { !chosen.contains($0) } ?? true }
      }
      for (layer, kept) in kept.enumerated() {
        let (was, now) = (network.shapes[layer], rest.shapes[layer])
        #expect(now.channels == kept.count { $0 })
        #expect(now.height == was.height && now.width == was.width)
      }
      try expectSameOutputs(
        network, rest, keeping: kept, .noise(shape: network.input, count: 2, seed: seed))
      #expect(rest.layers.map(\.name) == network.layers.map(\.name))
      for (name, parameter) in rest.parameterShapes {
        #expect(rest.parameters[name]?.shape == parameter.shape, "\(name)")
      }
      #expect(rest.parameters.count == network.parameters.count)
      #expect(rest.withoutZeroChannels == rest)
    }
    let groups = ChannelGroups(try Network(text: text)).groups
    #expect(count > 0 || groups.count < 2)
  }

  @Test("What goes: rows, what reads them, batch norms with their statistics")
  func values() throws {
    var network = try Network(text: "input 1x1x2\nconv 1 3\nbatchnorm\nconv 1 2\ndense 1")
    func set(_ name: String, _ shape: [Int], _ values: [Float]) {
      network.parameters[name] = Tensor(shape: shape, values: values)
    }
    set("conv1.weight", [3, 1, 1, 2], [1, 2, 0, 0, 5, 6])
    set("conv1.bias", [3], [1, 0, 3])
    set("batchnorm1.weight", [3], [1, 0, 3])
    set("batchnorm1.bias", [3], [4, 0, 6])
    set("batchnorm1.running_mean", [3], [7, 8, 9])
    set("batchnorm1.running_variance", [3], [10, 11, 12])
    set("conv2.weight", [2, 1, 1, 3], [1, 2, 3, 4, 5, 6])
    set("conv2.bias", [2], [0, 0])
    set("dense1.weight", [1, 1, 1, 2], [1, 2])
    set("dense1.bias", [1], [1])
    let rest = network.withoutZeroChannels
    #expect(rest.text == "input 1x1x2\nconv 1x1 2\nbatchnorm\nconv 1x1 2\ndense 1\n")
    #expect(
      rest.parameters.mapValues(\.values) == [
        "conv1.weight": [1, 2, 5, 6], "conv1.bias": [1, 3], "batchnorm1.weight": [1, 3],
        "batchnorm1.bias": [4, 6], "batchnorm1.running_mean": [7, 9],
        "batchnorm1.running_variance": [10, 12], "conv2.weight": [1, 3, 4, 6],
        "conv2.bias": [0, 0], "dense1.weight": [1, 2], "dense1.bias": [1],
      ])
  }

  @Test("A network keeps its channels as long as one of what makes them is not 0")
  func almost() throws {
    var network = try sampleNetwork(Preset.resnet8.text, seed: 1)
    network.activations["conv1"] = ActivationHistogram(minimum: 0, maximum: 1, counts: [1])
    let group = ChannelGroups(network).groups[0]
    #expect(group.channels.count > 2)
    for kept in group.makers {
      var other = network
      other.clear(group.makers.filter { $0 != kept })
      #expect(other.withoutZeroChannels == other, "\(kept.name)")
    }
  }

  @Test("Of a layer of zeros the first channel stays, with what it is tied to")
  func lastChannel() throws {
    let text = """
      input 3x3x1
      conv 1 3
      trunk: relu
      conv 1 5
      relu
      conv 1 3
      add trunk
      dense 2
      """
    var network = try sampleNetwork(text, seed: 2)
    let groups = ChannelGroups(network).groups
    for group in groups { network.clear(group.makers) }
    let rest = network.withoutZeroChannels
    #expect(rest.shapes.map(\.channels) == [1, 1, 1, 1, 1, 1, 2])
    #expect(
      rest.parameters["dense1.weight"]?.values
        == network.parameters["dense1.weight"].map { weight in
          stride(from: 0, to: weight.values.count, by: 3).map { weight.values[$0] }
        })
  }

  @Test("Grids stay, histograms of other shapes don't; without values nothing goes")
  func restOfIt() throws {
    var network = Preset.tiny.network.untrained(seed: 1)
    network.quantization = Quantization(
      weights: [.init(layer: "conv2", grid: .int4, input: "relu1", output: "relu2")],
      ranges: ["relu2": ActivationRange(0, 1)])
    #expect(network.withoutZeroChannels == network)
    network.clear(ChannelGroups(network).groups[0].parameters)
    let rest = network.withoutZeroChannels
    #expect(rest.quantization == network.quantization)
    #expect(rest.activations.isEmpty && rest.parameterCount < network.parameterCount)
    #expect(Preset.tiny.network.withoutZeroChannels == Preset.tiny.network)
  }
}
