import Network

extension SearchSpace {
  /// Reads a space: a line `key = values` each, `#` starts a comment, keys left out keep `base`'s values.
  /// - Throws: `SpaceError` that names the line.
  public init(text: String, base: SearchSpace) throws(SpaceError) {
    self = base
    var seen: Set<String> = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let content = Words.trimmed(line.prefix { $0 != "#" })
      if content.isEmpty { continue }
      guard let equals = content.firstIndex(of: "=") else {
        throw .form(line: index + 1, found: content)
      }
      let key = try Self.key(Words.trimmed(content[..<equals]), line: index + 1)
      guard seen.insert(key.name).inserted else {
        throw .repeatedKey(line: index + 1, key: key.name)
      }
      let values = Words.trimmed(content[content.index(after: equals)...])
      ranges[key.name] = try ValueReader(key: key, line: index + 1).read(values)
    }
  }

  /// Every key with its values, a line each: reading it gives this space.
  public var text: String {
    SpaceKey.all.compactMap { key in
      ranges[key.name].map { "\(key.name) = \($0)\n" }
    }.joined()
  }

  private static func key(_ name: String, line: Int) throws(SpaceError) -> SpaceKey {
    if let key = SpaceKey.all.first(where: { $0.name == name }) { return key }
    if let why = SpaceKey.reserved[name] {
      throw .reservedKey(line: line, key: name, why: why)
    }
    let names = SpaceKey.all.map(\.name)
    throw .unknownKey(
      line: line, found: name, nearest: Words.nearest(to: name, in: names), keys: names)
  }
}

/// Reads the values of one key.
private struct ValueReader {
  let key: SpaceKey
  let line: Int

  func read(_ text: String) throws(SpaceError) -> ValueRange {
    guard let dots = text.firstRange(of: "..") else { return .choice(try list(text)) }
    let words = text[dots.upperBound...].split(whereSeparator: \.isWhitespace).map(String.init)
    let first = Words.trimmed(text[..<dots.lowerBound])
    guard let last = words.first else { throw range("FIRST .. LAST", text) }
    let options = Array(words.dropFirst())
    switch key.kind {
    case .word: throw .value(line: line, key: key.name, expected: key.expected, found: text)
    case .whole: return try whole(try value(first), try value(last), options, text)
    case .real: return try real(try value(first), try value(last), options, text)
    }
  }

  private func list(_ text: String) throws(SpaceError) -> [String] {
    var values: [String] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      values.append(try value(Words.trimmed(part)))
    }
    return values
  }

  private func value(_ text: String) throws(SpaceError) -> String {
    guard !text.isEmpty else { throw .emptyChoice(line: line, key: key.name) }
    guard key.isValid(text) else {
      throw .value(line: line, key: key.name, expected: key.expected, found: text)
    }
    return text
  }

  private func whole(
    _ first: String, _ last: String, _ options: [String], _ text: String
  ) throws(SpaceError) -> ValueRange {
    let expected = "FIRST .. LAST or FIRST .. LAST step STEP, rising"
    var step = 1
    if !options.isEmpty {
      guard options.count == 2, options[0] == "step", let given = Int(options[1]), given > 0 else {
        throw range(expected, text)
      }
      step = given
    }
    guard let first = Int(first), let last = Int(last), first <= last else {
      throw range(expected, text)
    }
    return .whole(first: first, last: last, step: step)
  }

  private func real(
    _ first: String, _ last: String, _ options: [String], _ text: String
  ) throws(SpaceError) -> ValueRange {
    let isLogarithmic = options == ["log"]
    guard options.isEmpty || isLogarithmic, let first = Double(first), let last = Double(last),
      first <= last, !isLogarithmic || first > 0
    else { throw range("FIRST .. LAST, or above 0 FIRST .. LAST log, rising", text) }
    return .real(first: first, last: last, isLogarithmic: isLogarithmic)
  }

  private func range(_ expected: String, _ found: String) -> SpaceError {
    .range(line: line, key: key.name, expected: expected, found: found)
  }
}
