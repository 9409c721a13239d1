import Export
import Network
import Testing
import TinyRuntime
import Train

@Suite struct RearrangeTests {
  private func export(_ text: String) throws -> (network: Network, result: ExportResult) {
    let network = try Network(text: text).untrained(seed: 4)
    let samples = try noiseSamples(of: network, count: 4, seed: 8)
    return (network, try Exporter.export(network, samples: samples))
  }

  private func operations(_ text: String) throws -> [String] {
    try export(text).result.report.layers.map(\.operation)
  }

  @Test(
    "Each layer's int8 output is near its float output",
    arguments: [
      "conv 3 6 dilation=2 padding=same", "depthwise 3 dilation=3", "sigmoid", "tanh",
      "leakyrelu 0.1", "hardswish", "relu6", "multiply trunk", "multiply input", "concat trunk",
      "concat input", "pad top=1 bottom=2 left=3", "globalmaxpool", "upsample 2x3", "reshape 3x9x8",
      "flatten", "globalavgpool",
    ])
  func error(layer: String) throws {
    let (_, result) = try export("input 9x8x3\ntrunk: conv 3 3 padding=same\nconv 1 3\n\(layer)")
    for layer in result.report.layers { #expect(layer.sqnr ?? 99 > 28, "\(layer.name)") }
    #expect(result.report.layers.last?.sqnr != nil)
  }

  @Test("Padding becomes part of the windows that read it, else a copy")
  func pad() throws {
    #expect(try operations("input 6x6x1\npad top=1 left=2\nconv 3 2 padding=same") == ["conv"])
    #expect(try operations("input 6x6x1\npad top=1\navgpool 3x3\ndense 2") == ["avgpool", "dense"])
    #expect(try operations("input 6x6x1\npad top=1 left=2\ndense 2") == ["maxpool", "dense"])
    // More than a record's padding can say.
    let wide = "input 9x9x1\npad top=15\nconv 3 2 padding=same"
    #expect(try operations(wide) == ["maxpool", "conv"])
  }

  @Test("A reshape before dense layers disappears, another is a copy")
  func reshape() throws {
    #expect(try operations("input 6x6x1\nflatten\ndropout 0.1\ndense 2") == ["dense"])
    #expect(try operations("input 6x6x1\nreshape 6x6x1\nconv 1 2") == ["conv"])
    #expect(try operations("input 6x6x1\nreshape 3x6x2\nconv 1 2") == ["reshape", "conv"])
  }

  @Test(
    "What scales sums scales them for the concatenation; in front of anything else comes a table")
  func concat() throws {
    let own = "input 6x6x1\na: conv 1 2\nconv 3 2 padding=same from=input\nconcat a"
    #expect(try operations(own) == ["conv", "conv", "concat"])
    // The picture's mapping is given, and a ReLU's has no negative values.
    #expect(
      try operations("input 6x6x1\nconv 1 2\nrelu\nconcat input")
        == ["conv", "table", "table", "concat"])
    let pooled = "input 6x6x1\nconv 1 2\na: maxpool 2\nconv 2 2 stride=2 from=input\nconcat a"
    #expect(try operations(pooled) == ["conv", "maxpool", "conv", "concat"])
    let rectified = "input 6x6x1\nconv 1 2\na: relu\nconv 1 2 from=input\nrelu\nconcat a\nrelu"
    #expect(try operations(rectified) == ["conv", "conv", "concat"])
  }

  @Test("A ReLU6 takes no step: the mapping of what makes it ends at 6")
  func relu6() throws {
    var network = try Network(text: "input 1x1x1\nconv 1 1\nrelu6").untrained(seed: 1)
    network.parameters["conv1.weight"]?.values = [20]
    network.activations["relu61"] = ActivationHistogram(minimum: 0, maximum: 6, counts: [1, 1])
    let samples = try noiseSamples(of: network, count: 1, seed: 1)
    let result = try Exporter.export(network, samples: samples)
    #expect(result.report.layers.map(\.operation) == ["conv"])
    let model = try HostModel(result.file)
    let scale = try #require(model.metadata?.scales.last)
    for pixel in [0, 20, 40, 60, 70, 77, 100, 200, 255] {
      let output = try #require(model.run(pixels: [UInt8(pixel)]).first)
      let expected = min(Float(pixel) / 255 * 20, 6)
      #expect(abs((Float(output) + 128) * scale - expected) < 0.03, "\(pixel)")
    }
  }

  @Test("A window whose padding is all that it looks at runs")
  func onlyPadding() throws {
    let (network, result) = try export("input 1x1x2\nconv 2x2 3 dilation=3 padding=same")
    let model = try HostModel(result.file)
    let oracle = IntegerOracle(file: result.file, records: model.records, unpacked: [:])
    #expect(
      model.run([5, -7]).map(Int.init) == oracle.run([5, -7]).last?.values, "\(network.text)")
  }

  @Test("A layer that the output doesn't depend on takes no step")
  func unread() throws {
    #expect(
      try operations("input 6x6x1\na: conv 1 2\nconv 3 4\nconv 1 2 from=a") == ["conv", "conv"])
  }

  @Test("An argmax's output is the label")
  func argmax() throws {
    let (network, result) = try export("input 6x6x1\ndense 7\nargmax")
    let model = try HostModel(result.file)
    #expect(model.labelCount == 7)
    for sample in try noiseSamples(of: network, count: 20, seed: 3) {
      let output = model.run(pixels: sample.pixels)
      #expect(output.count == 1 && model.label(of: output) == Int(output[0]))
      let logits = sample.activations[0]
      // The quantized winner is at most a little behind.
      #expect(logits[Int(output[0])] > logits.max()! - 0.1)
    }
  }
}
