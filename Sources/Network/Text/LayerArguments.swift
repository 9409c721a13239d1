/// What follows a layer's keyword: plain words in order, and options `key=value` anywhere.
struct LayerArguments {
  /// No extent or count in a network text is larger.
  static let largest = 65_536

  private let line: Int
  private var words: [String] = []
  private var options: [String: String] = [:]
  /// The options that were asked for: what the layer takes.
  private var known: [String] = []

  init(_ arguments: [String], line: Int) throws(NetworkTextError) {
    self.line = line
    for argument in arguments {
      guard let equals = argument.firstIndex(of: "=") else {
        words.append(argument)
        continue
      }
      let key = String(argument[..<equals])
      let value = String(argument[argument.index(after: equals)...])
      guard options.updateValue(value, forKey: key) == nil else {
        throw .repeated(line: line, option: key)
      }
    }
  }

  /// Takes the next plain word.
  mutating func word(_ expected: String) throws(NetworkTextError) -> String {
    guard !words.isEmpty else { throw .line(line, expected: expected, found: "end of line") }
    return words.removeFirst()
  }

  /// Takes an option's value, if it was given.
  mutating func option(_ key: String) -> String? {
    known.append(key)
    return options.removeValue(forKey: key)
  }

  /// Takes a count, at least 1.
  mutating func count(_ expected: String) throws(NetworkTextError) -> Int {
    try number(try word(expected), expected)
  }

  /// Takes the next word as a size.
  mutating func size(_ expected: String) throws(NetworkTextError) -> Size {
    try size(try word(expected), expected)
  }

  /// Takes the next word as a shape.
  mutating func shape(_ expected: String) throws(NetworkTextError) -> Shape {
    let found = try word(expected)
    let sides = found.split(separator: "x", omittingEmptySubsequences: false).map(String.init)
    guard sides.count == 3 else { throw .line(line, expected: expected, found: found) }
    return Shape(
      height: try number(sides[0], expected, found: found),
      width: try number(sides[1], expected, found: found),
      channels: try number(sides[2], expected, found: found))
  }

  /// Takes a share in 0 ..< 1.
  mutating func share(_ expected: String) throws(NetworkTextError) -> Float {
    let found = try word(expected)
    guard let value = Float(found), value >= 0, value < 1 else {
      throw .line(line, expected: expected, found: found)
    }
    return value
  }

  /// Takes a size option.
  mutating func size(option key: String, default fallback: Size) throws(NetworkTextError) -> Size {
    guard let value = option(key) else { return fallback }
    return try size(value, "\(key)=SIZE, for instance \(key)=2x2")
  }

  /// Takes a count option.
  mutating func count(option key: String, default fallback: Int) throws(NetworkTextError) -> Int {
    guard let value = option(key) else { return fallback }
    return try number(value, "\(key)=NUMBER, at least 1")
  }

  /// Takes an option that is one of some words.
  mutating func choice<Choice>(
    option key: String, _ choices: KeyValuePairs<String, Choice>, default fallback: Choice
  ) throws(NetworkTextError) -> Choice {
    guard let value = option(key) else { return fallback }
    guard let choice = choices.first(where: { $0.key == value }) else {
      let expected = choices.map { "\(key)=\($0.key)" }.joined(separator: " or ")
      throw .line(line, expected: expected, found: "\(key)=\(value)")
    }
    return choice.value
  }

  /// Refuses what nobody took.
  func finish(keyword: String) throws(NetworkTextError) {
    if let word = words.first {
      throw .line(line, expected: "no more arguments of \(keyword)", found: word)
    }
    if let key = options.keys.min() {
      throw .unknown(
        line: line, what: "option of \(keyword)", found: key,
        nearest: Words.nearest(to: key, in: known))
    }
  }

  /// Reads a number, which may be a part of what is `found`.
  private func number(
    _ text: String, _ expected: String, found: String? = nil
  ) throws(NetworkTextError) -> Int {
    guard let value = Int(text), (1...Self.largest).contains(value) else {
      let isLarge = Int(text) ?? 1 > 0 && !text.isEmpty && text.utf8.allSatisfy(Self.isDigit)
      throw .line(
        line, expected: expected + (isLarge ? ", no number above \(Self.largest)" : ""),
        found: found ?? text)
    }
    return value
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private func size(_ text: String, _ expected: String) throws(NetworkTextError) -> Size {
    let sides = text.split(separator: "x", omittingEmptySubsequences: false).map(String.init)
    guard (1...2).contains(sides.count) else { throw .line(line, expected: expected, found: text) }
    let height = try number(sides[0], expected, found: text)
    let width = try number(sides[sides.count - 1], expected, found: text)
    return Size(height: height, width: width)
  }
}
