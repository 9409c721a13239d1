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
    let runs = try #require(
      try BuiltTool.run(arguments + ["--resume", "--json"]).json()["runs"] as? [[String: Any]])
    for (seed, run) in zip([1, 2], runs) {
      let checkpoint = try Checkpoint(
        bytes: [UInt8](shop.folder.bytes("s-\(seed).safetensors")))
      #expect(run["parameters"] as? Int == checkpoint.network.parameterCount)
    }
  }

  @Test func `what files are called does not change what a byte costs`() throws {
    let recipe = "quantize = int4\nbyte_budget = 1100\nkeep = best\n"
    #expect(try BuiltTool.run(pruning("a.safetensors", recipe, epochs: 30)).status == 0)
    let name = "a recipe whose name is longer than that of the other.txt"
    try shop.folder.write(Data((recipe + "epochs = 30\n").utf8), to: name)
    let other = try BuiltTool.run([
      "train", "--data", shop.data, "--from", shop.folder["float.safetensors"], "--recipe",
      shop.folder[name], "--output", shop.folder["b.safetensors"],
    ])
    #expect(other.status == 0, "\(other.error)")
    let (a, b) = (
      try Checkpoint(bytes: [UInt8](shop.folder.bytes("a.safetensors"))),
      try Checkpoint(bytes: [UInt8](shop.folder.bytes("b.safetensors")))
    )
    #expect(a.metadata["command"] != b.metadata["command"])
    #expect(a.network.parameters == b.network.parameters)
  }

  @Test func `killed, it resumes to the same bytes`() throws {
    for (name, recipe) in [
      ("w", "sparsity = 0.7\nprune_until = 0.9\n"),
      ("b", "quantize = int4\nbyte_budget = 1200\naverage_decay = 0.9\n"),
      ("c", "quantize = int8\nchannel_sparsity = 0.8\nprune_until = 0.02\nbyte_budget = 700\n"),
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
    let arguments = try pruning(
      "c.safetensors", "quantize = int8\nbyte_budget = 100\n", epochs: 1, ["--seed", "1,2"])
    // What is there already is warned of, too.
    for arguments in [arguments, arguments + ["--resume"]] {
      let trained = try BuiltTool.run(arguments)
      #expect(trained.status == 0)
      let warning = "bytes, byte_budget is 100; more epochs on grids"
      #expect(trained.error.ranges(of: warning).count == 2, "\(trained.error)")
    }
  }

  @Test func `refuses in one line and leaves nothing`() throws {
    for (text, words) in [
      ("byte_budget = 900", "recipe.txt: recipe: byte_budget needs quantize"),
      ("sparsity = 1", "recipe.txt: recipe line 1: sparsity takes a number in 0 ..< 1, found '1'"),
      (
        "sparsity = 0.2\nchannel_sparsity = 0.2",
        "recipe.txt: recipe: sparsity and channel_sparsity"
      ),
      (
        "quantize = int4\nsparsity = 0.2\nbyte_budget = 900",
        "recipe.txt: recipe: sparsity and byte_budget are two ways"
      ),
      (
        "sparsity = 0.2\nprune_from = 0.9",
        "recipe.txt: recipe: prune_until is 0.7, before prune_from, which is 0.9"
      ),
    ] {
      let outcome = try BuiltTool.run(pruning("c.safetensors", text))
      #expect(outcome.status == 1)
      #expect(outcome.errorLine.contains(words), "\(outcome.error)")
    }
    try shop.folder.write(Data("sparsity = 0.5\n".utf8), to: "recipe.txt")
    let none = try BuiltTool.run([
      "train", "--network", "tiny", "--recipe", shop.folder["recipe.txt"], "--epochs", "0",
      "--output", shop.folder["c.safetensors"],
    ])
    #expect(none.errorLine.contains("sparsity needs epochs, and there are none"), "\(none.error)")
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
