import Network
import Testing

@testable import Train

@Suite struct ChannelGroupsTests {
  private typealias Channel = ChannelGroups.Channel

  /// The channels of each group, as `LAYER.CHANNEL`.
  private func groups(_ text: String) throws -> [[String]] {
    let network = try Network(text: text)
    return ChannelGroups(network).groups.map { group in
      group.channels.map { "\(network.layers[$0.layer].name).\($0.channel)" }
    }
  }

  @Test("In a chain each channel is a group of its own, with what passes it on")
  func chain() throws {
    let found = try groups(
      """
      input 8x8x3
      conv 3 2
      batchnorm
      relu
      depthwise 3
      maxpool 2
      conv 1 1
      relu6
      dense 2
      dropout 0.1
      dense 4
      softmax
      """)
    #expect(
      found == [
        ["conv1.0", "batchnorm1.0", "depthwise1.0"], ["conv1.1", "batchnorm1.1", "depthwise1.1"],
        ["conv2.0"], ["dense1.0"], ["dense1.1"],
      ])
  }

  @Test("A sum ties the channels of its inputs, a product too", arguments: ["add", "multiply"])
  func residual(word: String) throws {
    let found = try groups(
      """
      input 4x4x1
      conv 1 2
      relu
      conv 3 3 padding=same
      conv 3 2 padding=same bias=no
      batchnorm
      \(word) relu1
      globalavgpool
      dense 2
      """)
    #expect(
      found == [
        ["conv1.0", "conv3.0", "batchnorm1.0"], ["conv1.1", "conv3.1", "batchnorm1.1"],
        ["conv2.0"], ["conv2.1"], ["conv2.2"],
      ])
  }

  @Test("A sum with the picture, or with what has to stay, ties to what has to stay")
  func sumsThatStay() throws {
    let found = try groups(
      """
      input 4x4x2
      conv 1 2
      first: add input
      conv 1 3
      sigmoid
      conv 1 3 from=first
      second: multiply sigmoid1
      conv 1 1 from=first
      dense 2
      softmax
      """)
    #expect(found == [["conv4.0"]])
  }

  @Test("A concatenation has the channels of both, the first's first")
  func concatenation() throws {
    let found = try groups(
      """
      input 4x4x1
      a: conv 1 2
      b: conv 1 1 from=input
      concat a
      depthwise 1
      concat b
      batchnorm
      upsample 2
      pad top=1
      conv 1 1
      """)
    #expect(
      found == [
        ["a.0", "depthwise1.1", "batchnorm1.1"], ["a.1", "depthwise1.2", "batchnorm1.2"],
        ["b.0", "depthwise1.0", "batchnorm1.0", "batchnorm1.3"],
      ])
  }

  @Test(
    "What a layer makes of all channels, or of 0, ties nothing and stays",
    arguments: ["conv 1 4 groups=2", "sigmoid", "softmax", "argmax"])
  func frozen(line: String) throws {
    let found = try groups("input 4x4x1\nconv 1 2\nconv 1 4\n\(line)\nlast: conv 1 2\ndense 2")
    #expect(found == [["conv1.0"], ["conv1.1"], ["last.0"], ["last.1"]])
  }

  @Test("Logits stay, whether or not a softmax reads them", arguments: ["", "softmax", "argmax"])
  func logits(line: String) throws {
    #expect(try groups("input 4x4x1\nconv 1 1\ndense 3\n\(line)") == [["conv1.0"]])
  }

  @Test("A reshape ties the channels that the same values belong to")
  func reshape() throws {
    // Values 0, 1, 2, 3, ...: channels 0 1 0 1 become channels 0 1 2 3.
    #expect(
      try groups("input 2x1x1\nconv 1 2\nflatten\nbatchnorm\ndense 2") == [
        ["conv1.0", "batchnorm1.0", "batchnorm1.2"], ["conv1.1", "batchnorm1.1", "batchnorm1.3"],
      ])
    // Six channels as four: those that are equal by 2.
    #expect(
      try groups("input 1x1x1\ndense 12\nreshape 2x1x6\nbatchnorm\nreshape 3x1x4\ndense 2") == [
        (0..<6).map { "dense1.\(2 * $0)" } + (0..<3).map { "batchnorm1.\(2 * $0)" },
        (0..<6).map { "dense1.\(2 * $0 + 1)" } + (0..<3).map { "batchnorm1.\(2 * $0 + 1)" },
      ])
  }

  @Test("A group names its parameters, those that make its channel and those that read it")
  func parameters() throws {
    let network = try Network(
      text: """
        input 3x3x2
        conv 2 3
        batchnorm
        depthwise 1x2 padding=same bias=no
        conv 1 2
        relu
        dense 2 from=depthwise1
        dense 2 from=relu1
        add dense1
        """)
    let layout = ParameterLayout(network)
    let group = ChannelGroups(network).groups[1]
    #expect(group.channels == [0, 1, 2].map { Channel(layer: $0, channel: 1) })
    func places(_ slices: [ParameterSlice]) throws -> [String: [Int]] {
      Dictionary(
        uniqueKeysWithValues: try slices.map { slice in
          let entry = try #require(layout.entries.first { $0.name == slice.name })
          return (slice.name, slice.places(in: layout).map { $0 - entry.offset })
        })
    }
    #expect(
      try places(group.weights) == [
        "conv1.weight": [8, 9, 10, 11, 12, 13, 14, 15], "depthwise1.weight": [1, 4],
      ])
    #expect(
      try places(group.others) == [
        "conv1.bias": [1], "batchnorm1.weight": [1], "batchnorm1.bias": [1],
      ])
    #expect(
      try places(group.readers) == [
        "conv2.weight": [1, 4],
        "dense1.weight": [1, 4, 7, 10, 13, 16, 19, 22],
      ])
    #expect(group.parameters == group.weights + group.others + group.readers)
  }
}
