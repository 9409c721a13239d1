import Foundation
import Network
import Testing

@testable import CLI

@Suite("train") struct TrainCommandTests {
  let shop: Workshop

  init() throws { shop = try Workshop() }

  @Test func `writes a checkpoint, a history, and one JSON object`() throws {
    let outcome = try BuiltTool.run(shop.training("a.safetensors", ["--json"]))
    #expect(outcome.status == 0, "\(outcome.error)")
    let json = try outcome.json()
    #expect(
      Set(json.keys) == [
        "network", "parameters", "epochs", "seed", "validation_accuracy", "seconds",
        "images_per_second", "output",
      ])
    #expect(json["epochs"] as? Int == 2)
    let checkpoint = try Checkpoint(bytes: [UInt8](shop.folder.bytes("a.safetensors")))
    #expect(checkpoint.network.activations.count == checkpoint.network.layers.count)
    #expect(checkpoint.metadata["seed"] == "1")
    #expect(checkpoint.labels == (0..<10).map(String.init))
    let history = try String(
      decoding: shop.folder.bytes("a.safetensors.history.jsonl"), as: UTF8.self)
    #expect(history.split(separator: "\n").count == 2)
    #expect(!FileManager.default.fileExists(atPath: shop.folder["a.safetensors.state"]))
  }

  @Test func `gives the same bytes on any number of threads, and others for another seed`() throws {
    for (name, more) in [
      ("one", ["--threads", "1"]), ("three", ["--threads", "3"]), ("other", ["--seed", "2"]),
    ] {
      #expect(try BuiltTool.run(shop.training("\(name).safetensors", more)).status == 0)
    }
    let one = try shop.folder.bytes("one.safetensors")
    #expect(try one == shop.folder.bytes("three.safetensors"))
    #expect(try one != shop.folder.bytes("other.safetensors"))
  }

  @Test func `interrupted, it keeps what was there, and resumes to the same bytes`() throws {
    try shop.folder.write(Data("earlier".utf8), to: "b.safetensors")
    // Many epochs, so that the interrupt comes before the end.
    let arguments = shop.training("b.safetensors", epochs: 300)
    let stopped = try BuiltTool.run(arguments, interruptedAfter: "epoch 2/300")
    #expect(stopped.status == 130, "\(stopped.error)")
    #expect(stopped.error.contains("--resume goes on after epoch"))
    #expect(try shop.folder.bytes("b.safetensors") == Data("earlier".utf8))
    #expect(try !shop.folder.names().contains { $0.hasPrefix(".thimble") })
    for (more, words) in [(["--seed", "2"], "seed"), (["--network", "lenet"], "network")] {
      let other = try BuiltTool.run(arguments + ["--resume"] + more)
      #expect(other.status == 1)
      #expect(
        other.errorLine.contains(
          "b.safetensors.state: the state to resume from has another \(words)"),
        "\(other.error)")
    }
    #expect(try BuiltTool.run(arguments + ["--resume"]).status == 0)
    #expect(try BuiltTool.run(shop.training("whole.safetensors", epochs: 300)).status == 0)
    #expect(
      try shop.folder.bytes("b.safetensors") == shop.folder.bytes("whole.safetensors"))
    let other = try BuiltTool.run(arguments + ["--resume"])
    #expect(other.status == 1)
    #expect(other.errorLine.hasPrefix("nothing to resume: "))
  }

  @Test func `writes seeded weights without data`() throws {
    let outcome = try BuiltTool.run(
      [
        "train", "--network", "tiny", "--epochs", "0", "--output", shop.folder["z.safetensors"],
        "--json",
      ],
      environment: ["THIMBLE_DATA": "/nowhere"])
    #expect(outcome.status == 0)
    #expect(try outcome.json()["validation_accuracy"] is NSNull)
  }

  @Test func `refuses in one line and leaves nothing`() throws {
    try shop.folder.write(Data("input 28x28x1\nconvv 3x3 4\n".utf8), to: "typo.txt")
    try shop.folder.write(Data("epocs = 3\n".utf8), to: "recipe.txt")
    let output = shop.folder["c.safetensors"]
    let cases: [([String], String)] = [
      (["--data", "/nowhere", "--network", "tiny"], "/nowhere: no such file or folder"),
      (["--data", shop.data, "--network", "tinny"], "tinny is neither a file nor a preset"),
      (["--data", shop.data, "--network", shop.folder["typo.txt"]], "line 2"),
      (
        ["--data", shop.data, "--network", "tiny", "--recipe", shop.folder["recipe.txt"]], "epochs"
      ),
      (["--data", shop.data, "--network", "resnet8"], "32x32x3"),
    ]
    for (arguments, words) in cases {
      let outcome = try BuiltTool.run(["train", "--output", output] + arguments)
      #expect(outcome.status == 1)
      #expect(outcome.errorLine.contains(words), "\(outcome.error)")
      #expect(outcome.output.isEmpty)
    }
    let nowhere = try BuiltTool.run([
      "train", "--network", "tiny", "--epochs", "0", "--output", "/nowhere/x.safetensors",
    ])
    #expect(nowhere.status == 1)
    #expect(try BuiltTool.run(["train", "--network", "tiny"]).status == 64)
    let seeded = ["train", "--network", "tiny", "--epochs", "0", "--output", output]
    for wrong in [["--resume"], ["--threads", "0"], ["--threads", "257"]] {
      #expect(try BuiltTool.run(seeded + wrong).status == 64)
    }
    #expect(try !shop.folder.names().contains("c.safetensors"))
  }

  @Test func `a full disk keeps the earlier file`() throws {
    try SmallDisk.use(at: shop.folder["disk"]) { disk in
      let output = disk + "/d.safetensors"
      try Data("earlier".utf8).write(to: URL(fileURLWithPath: output))
      // Its checkpoint is some 80,000 bytes.
      let outcome = try BuiltTool.run([
        "train", "--network", "reference", "--epochs", "0", "--output", output,
      ])
      #expect(outcome.status == 1)
      #expect(outcome.errorLine.contains("No space left"), "\(outcome.error)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: output)) == Data("earlier".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: disk) == ["d.safetensors"])
    }
  }
}
