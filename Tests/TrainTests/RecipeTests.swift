import Foundation
import Network
import Testing
import Train

@Suite struct RecipeTests {
  /// What every key is called, as its text lists them.
  fileprivate static let keys = Recipe().text.split(separator: "\n")
    .map { $0.prefix { $0 != " " } }.joined(separator: ", ")

  @Test("a recipe's text gives the recipe back")
  func roundTrip() throws {
    var recipe = Recipe()
    recipe.epochs = 7
    recipe.optimizer = .sgd
    recipe.schedule = .oneCycle
    recipe.learningRate = 0.123
    recipe.augmentation.elastic = 0.75
    recipe.keep = .best
    recipe.quantize = GridChoice(.int4, exceptions: ["conv1": .int8])
    recipe.byteBudget = 4_000
    recipe.channelSparsity = 0.5
    recipe.teacher = "a b/c.safetensors"
    #expect(try Recipe(text: recipe.text) == recipe)
  }

  @Test("keys left out keep the base's values, comments and blanks are skipped")
  func base() throws {
    var base = Recipe()
    base.batch = 32
    let text = "# quick\n\n epochs = 2 # two\nschedule=cosine"
    let recipe = try Recipe(text: text, base: base)
    let ended = try Recipe(text: text.replacing("\n", with: "\r\n"), base: base)
    base.epochs = 2
    base.schedule = .cosine
    #expect(recipe == base)
    #expect(ended == base)
  }

  @Test("the page on recipes has every key with its default and what it takes")
  func page() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../docs/recipes.md").path
    let page = try String(contentsOfFile: path, encoding: .utf8)
    let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
    let lines = Recipe().text.split(separator: "\n")
    #expect(rows.count == lines.count)
    for line in lines {
      let words = line.split(separator: " ", maxSplits: 2)
      // No key takes nothing.
      let error = #expect(throws: RecipeError.self) { try Recipe(text: "\(words[0]) =") }
      guard case .value(_, _, let expected, _) = error else {
        Issue.record("\(line): \(String(describing: error))")
        continue
      }
      let row = "| `\(words[0])` | \(words[2]) | \(expected) | "
      #expect(rows.contains { $0.hasPrefix(row) }, "\(row)")
    }
  }

  @Test(
    "what is wrong is said in one line",
    arguments: [
      ("epochs 3", "recipe line 1: expected key = value, found 'epochs 3'"),
      (
        "\nlearning-rate = 1",
        "recipe line 2: unknown key 'learning-rate', did you mean 'learning_rate'? The keys are "
          + RecipeTests.keys
      ),
      ("epochs = 1\nepochs = 2", "recipe line 2: epochs was given before"),
      ("epochs = -1", "recipe line 1: epochs takes a whole number in 0 ... 1000000, found '-1'"),
      ("batch = 0", "recipe line 1: batch takes a whole number in 1 ... 4096, found '0'"),
      (
        "optimizer = lamb",
        "recipe line 1: optimizer takes one of adam, sgd, nesterov, found 'lamb'"
      ),
      ("learning_rate = nan", "recipe line 1: learning_rate takes a number above 0, found 'nan'"),
      ("momentum = 1", "recipe line 1: momentum takes a number in 0 ..< 1, found '1'"),
      ("mixup = 1.5", "recipe line 1: mixup takes a number in 0 ... 1, found '1.5'"),
      ("erase = -1", "recipe line 1: erase takes a number in 0 ... 1, found '-1'"),
      ("keep = first", "recipe line 1: keep takes one of last, best, found 'first'"),
      ("teacher =", "recipe line 1: teacher takes a path or none, found ''"),
      (
        "temperature = 0",
        "recipe line 1: temperature takes a number above 0, at most 1000, found '0'"
      ),
      (
        "quantize = int3",
        "recipe line 1: quantize takes none or one of int8, int4, int2, ternary, and LAYER:GRID for "
          + "layers that differ, found 'int3'"
      ),
      (
        "quantize = int4 conv1:int4 conv1:int8",
        "recipe line 1: quantize takes none or one of int8, int4, int2, ternary, and LAYER:GRID for "
          + "layers that differ, found 'int4 conv1:int4 conv1:int8'"
      ),
      ("quantize_from = 1", "recipe line 1: quantize_from takes a number in 0 ..< 1, found '1'"),
      (
        "quantize_from = 0.5",
        "recipe: quantize_from needs quantize, which says what weights become"
      ),
      ("byte_budget = 9", "recipe: byte_budget needs quantize, which says what weights become"),
      (
        "byte_budget = -1",
        "recipe line 1: byte_budget takes a whole number in 0 ... 1000000000, found '-1'"
      ),
      (
        "sparsity = 0.5\nchannel_sparsity = 0.5",
        "recipe: sparsity and channel_sparsity are for two runs, channels first, the other --from its "
          + "checkpoint"
      ),
      (
        "sparsity = 0.5\nprune_from = 0.8",
        "recipe: prune_until is 0.7, before prune_from, which is 0.8"
      ),
      (
        "quantize = int4\nsparsity = 0.5\nbyte_budget = 900",
        "recipe: sparsity and byte_budget are two ways to weights that are 0; one of them is to be left "
          + "out"
      ),
      ("shift = -2", "recipe line 1: shift takes a number in 0 ... 1000, found '-2'"),
    ])
  func refusals(text: String, message: String) {
    let error = #expect(throws: RecipeError.self) { try Recipe(text: text) }
    #expect(error?.description == message)
  }
}
