extension Network {
  /// The network's text, canonical: names and `from=` only where they aren't what a reader assumes.
  /// Reading it gives the same network, without parameters.
  public var text: String {
    var lines = ["input \(input)"]
    var keywordCounts: [String: Int] = [:]
    for (index, layer) in layers.enumerated() {
      let kind = layer.operation.kind
      let keyword = kind.keyword
      let count = keywordCounts[keyword, default: 0] + 1
      keywordCounts[keyword] = count
      var words = layer.name == "\(keyword)\(count)" ? [] : ["\(layer.name):"]
      words.append(keyword)
      words += kind.arguments
      words += layer.inputs.dropFirst().map(name)
      let previous: Layer.Source = index == 0 ? .picture : .layer(index - 1)
      if layer.inputs[0] != previous { words.append("from=\(name(layer.inputs[0]))") }
      lines.append(words.joined(separator: " "))
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private func name(_ source: Layer.Source) -> String {
    switch source {
    case .picture: "input"
    case .layer(let index): layers[index].name
    }
  }
}
