import Foundation
import Network
import Testing

@testable import CLI

@Suite("train with less") struct PrunedTrainingTests {
  let shop: Workshop

  init() throws {
    shop = try Workshop()
    #expect(try BuiltTool.run(shop.training("float.safetensors", epochs: 10)).status == 0)
  }

  /// The arguments that train the float network further by a recipe.
  private func pruning(
    _ output: String, _ recipe: String, epochs: Int = 4, _ more: [String] = []
  ) throws -> [String] {
    try shop.folder.write(Data(recipe.utf8), to: "recipe.txt")
    return [
      "train", "--data", shop.data, "--from", shop.folder["float.safetensors"], "--recipe",
      shop.folder["recipe.txt"], "--epochs", "\(epochs)", "--output", shop.folder[output],
    ] + more
  }

  private func export(_ name: String, _ more: [String] = []) throws -> BuiltTool.Outcome {
    try BuiltTool.run(
      [
        "export", shop.folder["\(name).safetensors"], "--output", shop.folder["\(name).thimble"],
        "--calibration", shop.data, "--json",
      ] + more)
  }

  @Test func `channels are taken out, and the smaller network scores what was said`() throws {
    let trained = try BuiltTool.run(
      pruning("half.safetensors", "channel_sparsity = 0.5\nlearning_rate = 0.003\n", ["--json"]))
    #expect(trained.status == 0, "\(trained.error)")
    #expect(trained.error.contains("pruned 50.00 %"), "\(trained.error)")
    let checkpoint = try Checkpoint(bytes: [UInt8](shop.folder.bytes("half.safetensors")))
    #expect(checkpoint.network.shapes.map(\.channels) == [2, 2, 2, 10])
    #expect(checkpoint.network.activations.count == 4)
    let exported = try export("half")
    #expect(exported.status == 0, "\(exported.error)")
    let json = try exported.json()
    #expect(
      json["float_accuracy"] as? Double
        == (try trained.json()["validation_accuracy"] as? Double))
    #expect(json["macs"] as? Int == 9 * 9 * 9 * 2 + 9 * 9 * 2 * 10)
    // What is pruned goes on like any other.
    let further = try BuiltTool.run([
      "train", "--data", shop.data, "--from", shop.folder["half.safetensors"], "--epochs", "1",
      "--output", shop.folder["further.safetensors"],
    ])
    #expect(further.status == 0, "\(further.error)")
    let history = try #require(try TrainingHistory(of: shop.folder["half.safetensors"]))
    #expect(history.lines.map(\.pruned_share).last == 0.5)
  }

  @Test func `several seeds with channels taken out are gone on with`() throws {
    let recipe = "channel_sparsity = 0.5\n"
    let arguments = try pruning("s.safetensors", recipe, ["--seed", "1,2"])
    #expect(try BuiltTool.run(arguments).status == 0)
    let bytes = try shop.folder.bytes("s-1.safetensors")
    let again = try BuiltTool.run(arguments + ["--resume"])
    #expect(again.status == 0, "\(again.error)")
    #expect(try shop.folder.bytes("s-1.safetensors") == bytes)
  }

  @Test func `killed, it resumes to the same bytes`() throws {
    for (name, recipe) in [
      ("w", "sparsity = 0.7\nprune_until = 0.9\n"),
      ("b", "quantize = int4\nbyte_budget = 1200\nprune_from = 0.1\naverage_decay = 0.9\n"),
    ] {
      let arguments = try pruning("\(name).safetensors", recipe, epochs: 100)
      let killed = try BuiltTool.run(arguments, interruptedAfter: "epoch 3/100", by: SIGKILL)
      #expect(killed.status == SIGKILL)
      #expect(try BuiltTool.run(arguments + ["--resume", "--threads", "3"]).status == 0)
      let whole = try pruning("whole.safetensors", recipe, epochs: 100)
      #expect(try BuiltTool.run(whole).status == 0)
      #expect(
        try shop.folder.bytes("\(name).safetensors") == shop.folder.bytes("whole.safetensors"))
    }
  }

  @Test func `the file is as small as its budget, to the byte that was printed`() throws {
    #expect(
      try BuiltTool.run(
        pruning("plain.safetensors", "quantize = int8\n", epochs: 1)
      ).status == 0)
    let size = try #require(try export("plain").json()["file_bytes"] as? Int)
    let budget = size * 3 / 4
    let trained = try BuiltTool.run(
      pruning(
        "small.safetensors",
        "quantize = int8\nbyte_budget = \(budget)\nlearning_rate = 0.003\nkeep = best\n",
        epochs: 40, ["--json"]))
    #expect(trained.status == 0, "\(trained.error)")
    #expect(!trained.error.contains("warning"), "\(trained.error)")
    let exported = try export("small", ["--budget-flash", "\(budget)"])
    #expect(exported.status == 0, "\(exported.error)")
    let json = try exported.json()
    #expect(
      json["int8_accuracy"] as? Double == (try trained.json()["validation_accuracy"] as? Double))
    let kept = try #require(try trained.json()["kept_epoch"] as? Int)
    let history = try #require(try TrainingHistory(of: shop.folder["small.safetensors"]))
    #expect(history.lines[kept - 1].file_bytes == json["file_bytes"] as? Int)
  }

  @Test func `a budget that can't be kept is warned of`() throws {
    let trained = try BuiltTool.run(
      pruning("c.safetensors", "quantize = int8\nbyte_budget = 100\n", epochs: 1))
    #expect(trained.status == 0)
    #expect(
      trained.error.contains("bytes, byte_budget is 100; more epochs on grids"), "\(trained.error)")
  }

  @Test func `refuses in one line and leaves nothing`() throws {
    for (text, words) in [
      ("byte_budget = 900", "recipe.txt: recipe: byte_budget needs quantize"),
      ("sparsity = 1", "recipe.txt: recipe line 1: sparsity takes a number in 0 ..< 1, found '1'"),
      (
        "sparsity = 0.2\nchannel_sparsity = 0.2",
        "recipe.txt: recipe: sparsity and channel_sparsity"
      ),
    ] {
      let outcome = try BuiltTool.run(pruning("c.safetensors", text))
      #expect(outcome.status == 1)
      #expect(outcome.errorLine.contains(words), "\(outcome.error)")
    }
    try shop.folder.write(Data("input 28x28x1\ndense 10\n".utf8), to: "dense.txt")
    try shop.folder.write(Data("channel_sparsity = 0.5\n".utf8), to: "channels.txt")
    let outcome = try BuiltTool.run([
      "train", "--data", shop.data, "--network", shop.folder["dense.txt"], "--recipe",
      shop.folder["channels.txt"], "--output", shop.folder["c.safetensors"],
    ])
    #expect(outcome.status == 1)
    #expect(outcome.errorLine.contains("the network has none that can go"), "\(outcome.error)")
    #expect(try !shop.folder.names().contains { $0 == "c.safetensors" })
  }
}
