import Network
import Train

/// A key of a search space: what it is called and which values it takes.
struct SpaceKey: Sendable {
  /// What a range of the key is made of.
  enum Kind: Hashable, Sendable {
    /// Words have no range.
    case word
    case whole
    case real
  }

  let name: String
  let kind: Kind
  /// In words, for a message.
  let expected: String
  let isValid: @Sendable (String) -> Bool

  private static func word(_ name: String, _ words: [String]) -> SpaceKey {
    SpaceKey(name: name, kind: .word, expected: "one of \(words.joined(separator: ", "))") {
      words.contains($0)
    }
  }

  private static func word<Word: RawRepresentable & CaseIterable>(
    _ name: String, _: Word.Type
  ) -> SpaceKey where Word.RawValue == String {
    word(name, Word.allCases.map(\.rawValue))
  }

  private static func whole(_ name: String, _ range: ClosedRange<Int>) -> SpaceKey {
    SpaceKey(
      name: name, kind: .whole,
      expected: "a whole number in \(range.lowerBound) ... \(range.upperBound)"
    ) { text in Int(text).map(range.contains) ?? false }
  }

  private static func real(
    _ name: String, _ expected: String, where isValid: @escaping @Sendable (Double) -> Bool
  ) -> SpaceKey {
    SpaceKey(name: name, kind: .real, expected: expected) { text in
      Double(text).map(isValid) ?? false
    }
  }

  static let blocks = whole("blocks", 0...16)
  static let stem = whole("stem", 1...11)
  static let width = whole("width", 1...512)
  static let growth = real("growth", "a number in 1 ... 4") { (1...4).contains($0) }
  static let block = word("block", Architecture.Block.Kind.self)
  static let kernel = whole("kernel", 1...11)
  static let downsamplings = whole("downsamplings", 0...8)
  static let downsampling = word("downsampling", Architecture.Downsampling.self)
  static let padding = word("padding", ["valid", "same"])
  static let batchNorm = word("batchnorm", ["yes", "no"])
  static let activation = word("activation", ["relu", "relu6", "hardswish"])
  static let head = word("head", Architecture.Head.self)
  static let dropout = real("dropout", "a number in 0 ..< 1") { $0 >= 0 && $0 < 1 }
  static let weights = word("weights", WeightGrid.self)

  /// What networks are made of, in the order of a text.
  static let network = [
    blocks, block, stem, kernel, width, growth, downsamplings, downsampling, padding, batchNorm,
    activation, head, dropout, weights,
  ]

  /// How they are fitted: every key of a recipe, with the values that a recipe takes.
  static let recipe: [SpaceKey] = Recipe().text.split(separator: "\n").compactMap { line in
    let parts = line.split(separator: "=").map { $0.filter { $0 != " " } }
    guard reserved[parts[0]] == nil else { return nil }
    let kind: Kind = Int(parts[1]) != nil ? .whole : Float(parts[1]) != nil ? .real : .word
    return SpaceKey(name: parts[0], kind: kind, expected: expectation(of: parts[0])) { value in
      // Some keys need this one.
      (try? Recipe(text: "quantize = int8\n\(parts[0]) = \(value)")) != nil
    }
  }

  static let quantizeFrom = "quantize_from"

  private static let pruning = "networks are drawn as small as they are to be"

  /// Keys of a recipe that aren't searched for, and why.
  static let reserved = [
    "epochs": "it follows from --epochs",
    "quantize": "weights says what they become",
    "sparsity": pruning,
    "channel_sparsity": pruning,
    "prune_from": pruning,
    "prune_until": pruning,
    "byte_budget": pruning,
    "teacher": "a trial has no checkpoint to learn from",
    "teacher_weight": "a trial has no checkpoint to learn from",
    "temperature": "a trial has no checkpoint to learn from",
  ]

  static let all = network + recipe

  /// What a recipe says that a key takes.
  private static func expectation(of key: String) -> String {
    do throws(RecipeError) {
      _ = try Recipe(text: "\(key) = ?")
    } catch {
      switch error {
      case .value(_, _, let expected, _): return expected
      default: break
      }
    }
    return "a value of a recipe"
  }
}
