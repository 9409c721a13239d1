import Network
import Testing

@testable import Export
@testable import Train

/// A network on grids and what is left without its channels of zeros are the same integers.
@Suite struct ZeroChannelsTests {
  /// The network with about half of its groups of channels at 0, and how many these are.
  private func cleared(_ network: Network, seed: UInt64) -> (network: Network, count: Int) {
    var random = SplitMix(seed: seed)
    let groups = ChannelGroups(network).groups.filter { _ in random.below(2) == 0 }
    var network = network
    for slice in groups.flatMap(\.parameters) {
      for place in slice.places() { network.parameters[slice.name]?.values[place] = 0 }
    }
    return (network, groups.count)
  }

  /// Whether the exported files of both make the same of pictures; nil where a range is too small beside the weights drawn
  /// for it.
  private func makesTheSame(_ network: Network, _ rest: Network, seed: UInt64) throws -> Bool? {
    let pictures = try noiseSamples(of: network, count: 5, seed: seed)
    let files: [[UInt8]]
    do {
      files = try [network, rest].map { network in
        try Exporter.export(
          network, samples: noiseSamples(of: network, count: 1, seed: seed)
        ).file
      }
    } catch ExportError.unsupported { return nil }
    let models = try files.map { try HostModel($0) }
    return pictures.allSatisfy { picture in
      models[0].run(pixels: picture.pixels) == models[1].run(pixels: picture.pixels)
    }
  }

  @Test("Layers of all kinds, on all grids")
  func everyLayer() throws {
    var (compared, smaller) = (0, 0)
    for seed in 0..<60 as Range<UInt64> {
      let drawn = try RandomNetwork.network(seed: seed)
      let network = try cleared(drawn, seed: seed).network
        .recordingActivations(of: .noise(shape: drawn.input, count: 16, seed: seed))
        .onDrawnGrids(seed: seed)
      let rest = network.withoutZeroChannels
      guard let isSame = try makesTheSame(network, rest, seed: seed) else { continue }
      #expect(isSame, "seed \(seed): \(network.text)\nand \(rest.text)")
      compared += 1
      smaller += rest.parameterCount < network.parameterCount ? 1 : 0
    }
    #expect(compared > 50 && smaller > 25, "\(compared), \(smaller)")
  }

  @Test("Residual and depthwise networks", arguments: [Preset.tiny, .resnet8, .dscnn])
  func presets(preset: Preset) throws {
    let (cleared, count) = cleared(preset.network.untrained(seed: 1), seed: 1)
    let network =
      try cleared
      .recordingActivations(of: .noise(shape: cleared.input, count: 16, seed: 1))
      .onDrawnGrids(seed: 1)
    let rest = network.withoutZeroChannels
    #expect(count > 5 && rest.parameterCount < network.parameterCount)
    #expect(try makesTheSame(network, rest, seed: 1) == true)
  }
}
