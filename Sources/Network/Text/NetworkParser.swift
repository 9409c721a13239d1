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
    var parser: NetworkParser?
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    var statements: [Statement] = []
    var counts: [String: Int] = [:]
    for (index, line) in lines.enumerated() {
      let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
      guard !words.isEmpty else { continue }
      if parser == nil {
        parser = try NetworkParser(input: words, line: index + 1)
      } else {
        statements.append(Statement(words, line: index + 1, keywordCounts: &counts))
      }
    }
    guard var parser else { throw .noInput }
    parser.names = Dictionary(
      statements.map { ($0.name, $0.line) }, uniquingKeysWith: { first, _ in first })
    for statement in statements { try parser.read(statement) }
    self = try parser.network()
  }
}

/// A line that should be a layer.
private struct Statement {
  let line: Int
  /// Given in front, or else the keyword and how many of them there are so far.
  let name: String
  /// Nil where nothing comes after the name.
  let keyword: String?
  let arguments: [String]

  /// Takes a line's words apart, at least one.
  init(_ words: [String], line: Int, keywordCounts: inout [String: Int]) {
    self.line = line
    let isNamed = words[0].hasSuffix(":")
    let rest = words.dropFirst(isNamed ? 1 : 0)
    keyword = rest.first
    arguments = Array(rest.dropFirst())
    keywordCounts[rest.first ?? "", default: 0] += 1
    name =
      isNamed
      ? String(words[0].dropLast()) : "\(words[0])\(keywordCounts[words[0], default: 0])"
  }

  /// Whether the name is of the letters that names are made of.
  var isWellNamed: Bool {
    !name.isEmpty && name != "input"
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
          UInt8(ascii: "."), UInt8(ascii: "/"):
          true
        default: false
        }
      }
  }
}

/// Builds a network line by line.
private struct NetworkParser {
  private var builder: NetworkBuilder
  /// The line of every name, for those that are read too early.
  var names: [String: Int] = [:]

  /// Starts with the words of the first line.
  init(input words: [String], line: Int) throws(NetworkTextError) {
    guard words[0] == "input" else {
      throw .line(line, expected: "input HEIGHTxWIDTHxCHANNELS", found: words[0])
    }
    let found = words.dropFirst().joined(separator: " ")
    let sides = found.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard sides.count == 3, sides.allSatisfy({ (1...LayerArguments.largest).contains($0) }) else {
      throw .line(line, expected: "HEIGHTxWIDTHxCHANNELS, for instance 28x28x1", found: found)
    }
    do throws(NetworkError) {
      builder = try NetworkBuilder(
        input: Shape(height: sides[0], width: sides[1], channels: sides[2]))
    } catch { throw .network(line: line, error) }
  }

  mutating func read(_ statement: Statement) throws(NetworkTextError) {
    let line = statement.line
    guard let keyword = statement.keyword else {
      throw .line(line, expected: "a layer after its name", found: statement.name + ":")
    }
    guard let read = LayerReader.all[keyword] else {
      throw .unknown(
        line: line, what: "layer", found: keyword,
        nearest: Words.nearest(to: keyword, in: LayerReader.keywords))
    }
    guard statement.isWellNamed else {
      throw .line(
        line, expected: "a name of letters, digits and _-./ other than input",
        found: statement.name)
    }
    var arguments = try LayerArguments(statement.arguments, line: line)
    let count = builder.layers.count
    var inputs: [Layer.Source] = [count == 0 ? .picture : .layer(count - 1)]
    if let name = arguments.option("from") { inputs = [try source(name, line)] }
    let operation = try read(&arguments)
    if operation.kind.inputCount == 2 {
      inputs.append(try source(try arguments.word("the name of a second layer to read"), line))
    }
    try arguments.finish(keyword: keyword)
    do throws(NetworkError) {
      try builder.append(Layer(name: statement.name, operation: operation, inputs: inputs))
    } catch { throw .network(line: line, error) }
  }

  func network() throws(NetworkTextError) -> Network {
    do throws(NetworkError) {
      return try Network(builder)
    } catch { throw .empty }
  }

  private func source(_ name: String, _ line: Int) throws(NetworkTextError) -> Layer.Source {
    if name == "input" { return .picture }
    if let index = builder.index(of: name) { return .layer(index) }
    if let other = names[name] { throw .notEarlier(line: line, name: name, namedBy: other) }
    throw .unknown(
      line: line, what: "layer name", found: name,
      nearest: Words.nearest(to: name, in: ["input"] + builder.layers.map(\.name)))
  }
}
