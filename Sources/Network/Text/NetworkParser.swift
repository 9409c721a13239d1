extension Network {
  /// Reads a network from its text, without parameters.
  ///
  ///     input 28x28x1
  ///     conv 3x3 16 stride=2 padding=same groups=1 bias=no
  ///     batchnorm
  ///     relu
  ///     left: depthwise 3 padding=same
  ///     right: conv 1 16 from=relu1
  ///     add left
  ///     maxpool 2
  ///     dense 10          # a comment
  ///
  /// A line is a layer and reads the one before it, or what `from=NAME` names: a layer, or `input`.
  /// `add NAME` adds that layer's output; likewise `multiply NAME` and `concat NAME`. A layer without a name is called by its keyword and how
  /// many of them there are so far. One number stands for a square. Other layers: `avgpool`,
  /// `globalavgpool`, `globalmaxpool`, `dropout RATE`, `softmax`, `relu6`, `leakyrelu SLOPE`, `sigmoid`,
  /// `tanh`, `hardswish`, `flatten`, `reshape HEIGHTxWIDTHxCHANNELS`, `pad top=1 left=2`, `upsample 2`,
  /// `argmax`.
  /// - Throws: `NetworkTextError` that names the line.
  public init(text: String) throws(NetworkTextError) {
    var parser = NetworkParser()
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      try parser.read(line: String(line), number: index + 1)
    }
    self = try parser.network()
  }
}

/// Builds a network line by line.
private struct NetworkParser {
  private var input: Shape?
  private var layers: [Layer] = []
  private var keywordCounts: [String: Int] = [:]
  private var result: Network?

  mutating func read(line: String, number: Int) throws(NetworkTextError) {
    let content = line.prefix { $0 != "#" }
    var words = content.split(whereSeparator: \.isWhitespace).map(String.init)
    guard !words.isEmpty else { return }
    guard let input else {
      guard words[0] == "input" else {
        throw .line(number, expected: "input HEIGHTxWIDTHxCHANNELS", found: words[0])
      }
      self.input = try Self.shape(words, number)
      return
    }
    var name: String?
    if words[0].hasSuffix(":") {
      name = try Self.name(String(words[0].dropLast()), number)
      words.removeFirst()
    }
    guard let keyword = words.first else {
      throw .line(number, expected: "a layer after its name", found: content.description)
    }
    var arguments = try LayerArguments(Array(words.dropFirst()), line: number)
    guard let read = LayerReader.all[keyword] else {
      throw .unknown(
        line: number, what: "layer", found: keyword,
        nearest: Words.nearest(to: keyword, in: LayerReader.keywords))
    }
    let previous: Layer.Source = layers.isEmpty ? .picture : .layer(layers.count - 1)
    var inputs = [previous]
    if let name = arguments.option("from") { inputs = [try source(name, number)] }
    let operation = try read(&arguments)
    if operation.kind.inputCount == 2 {
      inputs.append(try source(try arguments.word("the name of a second layer to read"), number))
    }
    try arguments.finish(keyword: keyword)
    let count = keywordCounts[keyword, default: 0] + 1
    keywordCounts[keyword] = count
    layers.append(
      Layer(name: name ?? "\(keyword)\(count)", operation: operation, inputs: inputs))
    do throws(NetworkError) {
      result = try Network(input: input, layers: layers)
    } catch { throw .network(line: number, error) }
  }

  func network() throws(NetworkTextError) -> Network {
    guard input != nil else { throw .noInput }
    guard let result else { throw .empty }
    return result
  }

  private func source(_ name: String, _ line: Int) throws(NetworkTextError) -> Layer.Source {
    if name == "input" { return .picture }
    guard let index = layers.firstIndex(where: { $0.name == name }) else {
      throw .unknown(
        line: line, what: "layer name", found: name,
        nearest: Words.nearest(to: name, in: ["input"] + layers.map(\.name)))
    }
    return .layer(index)
  }

  private static func shape(_ words: [String], _ line: Int) throws(NetworkTextError) -> Shape {
    let found = words.dropFirst().joined(separator: " ")
    let sides = found.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard sides.count == 3, sides.allSatisfy({ (1...LayerArguments.largest).contains($0) }) else {
      throw .line(line, expected: "HEIGHTxWIDTHxCHANNELS, for instance 28x28x1", found: found)
    }
    return Shape(height: sides[0], width: sides[1], channels: sides[2])
  }

  private static func name(_ name: String, _ line: Int) throws(NetworkTextError) -> String {
    let isGood = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
        UInt8(ascii: "."), UInt8(ascii: "/"):
        true
      default: false
      }
    }
    guard isGood, !name.isEmpty, name != "input" else {
      throw .line(
        line, expected: "a name of letters, digits and _-./ other than input", found: name)
    }
    return name
  }
}
