import Foundation
import Network
import Testing

@testable import CLI

@Suite("train on grids") struct QuantizedTrainingTests {
  let shop: Workshop

  init() throws {
    shop = try Workshop()
    try shop.folder.write(
      Data("quantize = int4 dense1:int8\nlearning_rate = 0.01\nkeep = best\n".utf8), to: "int4.txt")
    #expect(try BuiltTool.run(shop.training("float.safetensors", epochs: 10)).status == 0)
  }

  /// The arguments that train the float network on grids.
  private func tuning(_ output: String, epochs: Int = 2, _ more: [String] = []) -> [String] {
    [
      "train", "--data", shop.data, "--from", shop.folder["float.safetensors"], "--recipe",
      shop.folder["int4.txt"], "--epochs", "\(epochs)", "--output", shop.folder[output],
    ] + more
  }

  private func export(_ name: String, _ more: [String] = []) throws -> BuiltTool.Outcome {
    try BuiltTool.run(
      [
        "export", shop.folder["\(name).safetensors"], "--output", shop.folder["\(name).thimble"],
        "--json",
      ] + more)
  }

  @Test func `the exported file scores what training said`() throws {
    let trained = try BuiltTool.run(tuning("net.safetensors", ["--json"]))
    #expect(trained.status == 0, "\(trained.error)")
    let said = try #require(try trained.json()["validation_accuracy"] as? Double)
    let exported = try export("net", ["--calibration", shop.data])
    #expect(exported.status == 0, "\(exported.error)")
    let json = try exported.json()
    #expect(json["int8_accuracy"] as? Double == said)
    #expect(json["float_accuracy"] as? Double == said)
    #expect(json["calibration"] as? String == "trained")
    let layers = try #require(json["layers"] as? [[String: Any]])
    #expect(layers.map { $0["encoding"] as? String } == ["int4", "raw"])
    let checkpoint = try Checkpoint(bytes: [UInt8](shop.folder.bytes("net.safetensors")))
    #expect(checkpoint.network.quantization?.grid(of: "conv1") == .int4)
    #expect(checkpoint.metadata["validation_accuracy"] == "\(said)")
    let other = try export("net", ["--weights", "ternary"])
    #expect(other.status == 1)
    #expect(other.errorLine.contains("layer conv1 was trained for int4 weights"))
  }

  @Test func `stopped on grids, it resumes to the same bytes`() throws {
    let stopped = try BuiltTool.run(
      tuning("a.safetensors", epochs: 100), interruptedAfter: "epoch 2/100")
    #expect(stopped.status == 130, "\(stopped.error)")
    try FileManager.default.copyItem(
      atPath: shop.folder["a.safetensors.state"], toPath: shop.folder["b.safetensors.state"])
    // Begun with other weights it would be another run.
    let other = try BuiltTool.run(
      shop.training(
        "b.safetensors", epochs: 100, ["--recipe", shop.folder["int4.txt"], "--resume"]))
    #expect(other.status == 1)
    #expect(other.errorLine.contains("another network to begin with"), "\(other.error)")
    let arguments = tuning("a.safetensors", epochs: 100, ["--resume", "--threads", "1"])
    #expect(try BuiltTool.run(arguments).status == 0)
    #expect(try BuiltTool.run(tuning("whole.safetensors", epochs: 100)).status == 0)
    #expect(try shop.folder.bytes("a.safetensors") == shop.folder.bytes("whole.safetensors"))
  }

  @Test func `several seeds are scored by their files`() throws {
    let outcome = try BuiltTool.run(tuning("s.safetensors", ["--seed", "3,4", "--json"]))
    #expect(outcome.status == 0, "\(outcome.error)")
    let runs = try #require(try outcome.json()["runs"] as? [[String: Any]])
    for (seed, run) in zip([3, 4], runs) {
      #expect(try export("s-\(seed)").status == 0)
      let scored = try BuiltTool.run([
        "evaluate", shop.folder["s-\(seed).thimble"], "--data", shop.data, "--json",
      ])
      #expect(try scored.json()["accuracy"] as? Double == run["test_accuracy"] as? Double)
    }
  }

  @Test func `refuses in one line and leaves nothing`() throws {
    for (text, words) in [
      ("quantize = int5", "bad.txt: recipe line 1: quantize takes none or one of int8"),
      (
        "quantize = int4 conv2:int8",
        "bad.txt: quantize: the network has no layer conv2, did you mean conv1?"
      ),
      ("quantize = int4 relu1:int8", "bad.txt: quantize: layer relu1 has no weights to quantize"),
    ] {
      try shop.folder.write(Data(text.utf8), to: "bad.txt")
      let outcome = try BuiltTool.run(
        shop.training("c.safetensors", ["--recipe", shop.folder["bad.txt"]]))
      #expect(outcome.status == 1)
      #expect(outcome.errorLine.contains(words), "\(outcome.error)")
    }
    let other = try BuiltTool.run(tuning("c.safetensors", ["--network", "tiny"]))
    #expect(other.status == 1)
    #expect(other.errorLine.contains("float.safetensors: has other layers than tiny"))
    #expect(try BuiltTool.run(tuning("c.safetensors", epochs: 0)).status == 64)
    #expect(
      try BuiltTool.run(["train", "--output", shop.folder["c.safetensors"]]).status == 64)
    #expect(
      try export("float", ["--encoding", "packed"]).status == 64)
    #expect(try !shop.folder.names().contains { $0.hasPrefix("c.safetensors") })
  }
}
