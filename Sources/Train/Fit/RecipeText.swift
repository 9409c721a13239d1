import Network

/// Why a text is not a recipe. The description is one line.
public enum RecipeError: Error, Hashable, Sendable {
  /// A line that isn't `key = value`.
  case form(line: Int, found: String)
  /// A key that doesn't exist; the nearest that does, and all that do.
  case unknownKey(line: Int, found: String, nearest: String, keys: [String])
  /// A key twice.
  case repeatedKey(line: Int, key: String)
  /// A value that the key doesn't take.
  case value(line: Int, key: String, expected: String, found: String)
  /// Keys that don't go together.
  case contradiction(String)
}

extension RecipeError: CustomStringConvertible {
  /// One line for people.
  public var description: String {
    switch self {
    case .form(let line, let found):
      "recipe line \(line): expected key = value, found '\(Words.short(found))'"
    case .unknownKey(let line, let found, let nearest, let keys):
      "recipe line \(line): unknown key '\(Words.short(found))', did you mean '\(nearest)'? "
        + "The keys are \(keys.joined(separator: ", "))"
    case .repeatedKey(let line, let key):
      "recipe line \(line): \(key) was given before"
    case .value(let line, let key, let expected, let found):
      "recipe line \(line): \(key) takes \(expected), found '\(Words.short(found))'"
    case .contradiction(let reason): "recipe: \(reason)"
    }
  }
}

extension Recipe {
  /// One key of a recipe's text.
  private struct Key {
    var name: String
    var expected: String
    /// The value as text.
    var write: @Sendable (Recipe) -> String
    /// Takes a value, or says no.
    var read: @Sendable (String, inout Recipe) -> Bool

    static func number(
      _ name: String, _ expected: String, _ path: WritableKeyPath<Recipe, Float> & Sendable,
      where isValid: @escaping @Sendable (Float) -> Bool
    ) -> Key {
      Key(name: name, expected: expected) {
        "\($0[keyPath: path])"
      } read: { text, recipe in
        guard let value = Float(text), value.isFinite, isValid(value) else { return false }
        recipe[keyPath: path] = value
        return true
      }
    }

    static func count(
      _ name: String, _ path: WritableKeyPath<Recipe, Int> & Sendable, in range: ClosedRange<Int>
    )
      -> Key
    {
      Key(name: name, expected: "a whole number in \(range.lowerBound) ... \(range.upperBound)") {
        "\($0[keyPath: path])"
      } read: { text, recipe in
        guard let value = Int(text), range.contains(value) else { return false }
        recipe[keyPath: path] = value
        return true
      }
    }

    static func word<Word: RawRepresentable & CaseIterable & SendableMetatype>(
      _ name: String, _ path: WritableKeyPath<Recipe, Word> & Sendable
    ) -> Key where Word.RawValue == String {
      let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
      return Key(name: name, expected: "one of \(words)") {
        $0[keyPath: path].rawValue
      } read: { text, recipe in
        guard let value = Word(rawValue: text) else { return false }
        recipe[keyPath: path] = value
        return true
      }
    }

    /// A path, or `none`, which is kept as an empty one.
    static func path(_ name: String, _ path: WritableKeyPath<Recipe, String> & Sendable) -> Key {
      Key(name: name, expected: "a path or none") {
        $0[keyPath: path].isEmpty ? "none" : $0[keyPath: path]
      } read: { text, recipe in
        recipe[keyPath: path] = text == "none" ? "" : text
        return !text.isEmpty
      }
    }

    /// Grids of weights, or `none`.
    static func grids(_ name: String, _ path: WritableKeyPath<Recipe, GridChoice?> & Sendable)
      -> Key
    {
      let grids = WeightGrid.allCases.map(\.rawValue).joined(separator: ", ")
      return Key(
        name: name, expected: "none or one of \(grids), and LAYER:GRID for layers that differ"
      ) {
        $0[keyPath: path]?.text ?? "none"
      } read: { text, recipe in
        recipe[keyPath: path] = GridChoice(text: text)
        return text == "none" || recipe[keyPath: path] != nil
      }
    }

    static func share(_ name: String, _ path: WritableKeyPath<Recipe, Float> & Sendable) -> Key {
      number(name, "a number in 0 ..< 1", path) { $0 >= 0 && $0 < 1 }
    }

    static func part(_ name: String, _ path: WritableKeyPath<Recipe, Float> & Sendable) -> Key {
      number(name, "a number in 0 ... 1", path) { $0 >= 0 && $0 <= 1 }
    }

    static func amount(_ name: String, _ path: WritableKeyPath<Recipe, Float> & Sendable) -> Key {
      number(name, "a number in 0 ... 1000", path) { $0 >= 0 && $0 <= 1000 }
    }
  }

  private static let keys: [Key] = [
    .count("epochs", \.epochs, in: 0...1_000_000),
    .count("batch", \.batch, in: 1...4096),
    .word("optimizer", \.optimizer),
    .share("momentum", \.momentum),
    .number("learning_rate", "a number above 0", \.learningRate) { $0 > 0 },
    .word("schedule", \.schedule),
    .share("warm_up", \.warmUp),
    .amount("weight_decay", \.weightDecay),
    .amount("gradient_clip", \.gradientClip),
    .share("label_smoothing", \.labelSmoothing),
    .share("average_decay", \.averageDecay),
    .amount("shift", \.augmentation.shift),
    .amount("rotation", \.augmentation.rotation),
    .share("scale", \.augmentation.scale),
    .amount("shear", \.augmentation.shear),
    .amount("elastic", \.augmentation.elastic),
    .part("erase", \.augmentation.erase),
    .share("erase_area", \.augmentation.eraseArea),
    .part("unchanged", \.augmentation.unchanged),
    .part("mixup", \.mixup),
    .path("teacher", \.teacher),
    .part("teacher_weight", \.teacherWeight),
    .number("temperature", "a number above 0, at most 1000", \.temperature) {
      $0 > 0 && $0 <= 1000
    },
    .word("keep", \.keep),
    .grids("quantize", \.quantize),
    .share("quantize_from", \.quantizeFrom),
    .share("sparsity", \.sparsity),
    .share("channel_sparsity", \.channelSparsity),
    .share("prune_from", \.pruneFrom),
    .share("prune_until", \.pruneUntil),
    .count("byte_budget", \.byteBudget, in: 0...1_000_000_000),
  ]

  /// Reads a recipe: a line `key = value` each, `#` starts a comment, keys left out keep `base`'s
  /// values.
  /// - Throws: `RecipeError` that names the line, or keys that don't go together.
  public init(text: String, base: Recipe = Recipe()) throws(RecipeError) {
    self = base
    var seen: Set<String> = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let number = index + 1
      let content = Words.trimmed(line.prefix { $0 != "#" })
      if content.isEmpty { continue }
      guard let equals = content.firstIndex(of: "=") else {
        throw .form(line: number, found: content)
      }
      let name = Words.trimmed(content[..<equals])
      let value = Words.trimmed(content[content.index(after: equals)...])
      guard let key = Self.keys.first(where: { $0.name == name }) else {
        let names = Self.keys.map(\.name)
        throw .unknownKey(
          line: number, found: name, nearest: Words.nearest(to: name, in: names), keys: names)
      }
      guard seen.insert(name).inserted else { throw .repeatedKey(line: number, key: name) }
      guard key.read(value, &self) else {
        throw .value(line: number, key: name, expected: key.expected, found: value)
      }
    }
    if let contradiction { throw .contradiction(contradiction) }
  }

  /// Every key with its value, a line each: reading it gives this recipe.
  public var text: String {
    Self.keys.map { "\($0.name) = \($0.write(self))\n" }.joined()
  }
}
