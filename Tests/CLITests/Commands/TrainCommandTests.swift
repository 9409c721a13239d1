import Foundation
import Network
import Testing
import Train

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
        "network", "parameters", "epochs", "kept_epoch", "seed", "validation_accuracy", "seconds",
        "images_per_second", "output",
      ])
    #expect(json["kept_epoch"] as? Int == 2)
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

  /// A recipe that has everything, and the teacher beside it.
  private func recipe() throws -> [String] {
    let text = """
      batch = 40
      optimizer = nesterov
      learning_rate = 0.05
      gradient_clip = 1
      average_decay = 0.9
      rotation = 5
      erase = 0.3
      mixup = 0.2
      teacher = teacher.safetensors
      keep = best

      """
    try shop.folder.write(Data(text.utf8), to: "rules/recipe.txt")
    let teaching = shop.training("rules/teacher.safetensors", epochs: 8)
    #expect(try BuiltTool.run(teaching).status == 0)
    return ["--recipe", shop.folder["rules/recipe.txt"]]
  }

  @Test func `killed, a run with every part of a recipe resumes to the same bytes`() throws {
    let recipe = try recipe()
    let arguments = shop.training("k.safetensors", epochs: 200, recipe)
    let killed = try BuiltTool.run(arguments, interruptedAfter: "epoch 3/200", by: SIGKILL)
    #expect(killed.status == SIGKILL)
    #expect(!FileManager.default.fileExists(atPath: shop.folder["k.safetensors"]))
    #expect(try BuiltTool.run(arguments + ["--resume", "--threads", "3"]).status == 0)
    let whole = shop.training("whole.safetensors", epochs: 200, recipe + ["--threads", "1"])
    let outcome = try BuiltTool.run(whole + ["--json"])
    #expect(try shop.folder.bytes("k.safetensors") == shop.folder.bytes("whole.safetensors"))
    // The history says which epoch was best, and the checkpoint is that one.
    let json = try outcome.json()
    let history = try String(
      decoding: shop.folder.bytes("k.safetensors.history.jsonl"), as: UTF8.self)
    let accuracies = try history.split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return try #require(object?["validation_accuracy"] as? Double)
    }
    let most = try #require(accuracies.max())
    #expect(json["validation_accuracy"] as? Double == most)
    #expect(json["kept_epoch"] as? Int == accuracies.firstIndex(of: most)! + 1)
    let checkpoint = try Checkpoint(bytes: [UInt8](shop.folder.bytes("k.safetensors")))
    #expect(checkpoint.metadata["kept_epoch"] == "\(accuracies.firstIndex(of: most)! + 1)")
    // Another teacher is another run.
    _ = try BuiltTool.run(arguments, interruptedAfter: "epoch 2/200")
    let teaching = shop.training("rules/teacher.safetensors", epochs: 9)
    #expect(try BuiltTool.run(teaching).status == 0)
    let other = try BuiltTool.run(arguments + ["--resume"])
    #expect(other.status == 1)
    #expect(other.errorLine.contains("the state to resume from has another teacher"))
  }

  @Test func `several seeds write a checkpoint each, their mean and their spread`() throws {
    let arguments = shop.training("s.safetensors", epochs: 3, ["--seed", "5,7"])
    let outcome = try BuiltTool.run(arguments + ["--json"])
    #expect(outcome.status == 0, "\(outcome.error)")
    let json = try outcome.json()
    let runs = try #require(json["runs"] as? [[String: Any]])
    #expect(runs.compactMap { $0["seed"] as? Int } == [5, 7])
    for (key, part) in [("validation_accuracy", "validation"), ("test_accuracy", "test")] {
      let values = runs.compactMap { $0[key] as? Double }
      try #require(values.count == 2, "\(part)")
      let mean = (values[0] + values[1]) / 2
      #expect(abs(try #require(json[key] as? Double) - mean) < 1e-12)
      // Of two numbers it is their distance over the root of two.
      let deviation = abs(values[0] - values[1]) / 2.0.squareRoot()
      #expect(abs(try #require(json["\(key)_deviation"] as? Double) - deviation) < 1e-12)
    }
    // One of them is what it would be alone; and the test set is scored as `evaluate` does.
    #expect(
      try BuiltTool.run(shop.training("alone.safetensors", epochs: 3, ["--seed", "7"])).status == 0)
    let seventh = try shop.folder.bytes("s-7.safetensors")
    #expect(try shop.folder.bytes("alone.safetensors") == seventh)
    let scored = try BuiltTool.run([
      "evaluate", shop.folder["s-7.safetensors"], "--data", shop.data, "--json",
    ]).json()
    #expect(scored["accuracy"] as? Double == runs[1]["test_accuracy"] as? Double)
    #expect(!FileManager.default.fileExists(atPath: shop.folder["s.safetensors"]))

    // Killed in the second seed, it leaves the first as it is and ends in the same bytes.
    let long = shop.training("t.safetensors", epochs: 200, ["--seed", "5,7"])
    let killed = try BuiltTool.run(
      long, interruptedAfter: "seed 7\nthimble: epoch 1/200", by: SIGKILL)
    #expect(killed.status == SIGKILL)
    let first = try shop.folder.bytes("t-5.safetensors")
    let resumed = try BuiltTool.run(long + ["--resume"])
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(!resumed.error.contains("seed 5"))
    #expect(resumed.output.contains("mean") && resumed.output.contains("deviation"))
    #expect(try shop.folder.bytes("t-5.safetensors") == first)
    #expect(
      try BuiltTool.run(shop.training("alone.safetensors", epochs: 200, ["--seed", "7"])).status
        == 0
    )
    let alone = try shop.folder.bytes("alone.safetensors")
    #expect(try shop.folder.bytes("t-7.safetensors") == alone)
    // What another run left is not taken for this one's.
    let other = try BuiltTool.run(
      shop.training("t.safetensors", epochs: 201, ["--seed", "5,7", "--resume"]))
    #expect(other.status == 1)
    #expect(
      other.errorLine
        == "\(shop.folder["t-5.safetensors"]): was trained with another recipe; without it, seed 5 is trained anew"
    )
    // Nor is another seed trained before that is said.
    let begun = shop.training("t.safetensors", epochs: 201, ["--seed", "5,7"])
    let stopped = try BuiltTool.run(begun, interruptedAfter: "seed 5\nthimble: epoch 1/201")
    #expect(stopped.status == 130)
    let refused = try BuiltTool.run(begun + ["--resume"])
    #expect(refused.status == 1 && !refused.error.contains("epoch"))
    #expect(refused.errorLine.hasPrefix("\(shop.folder["t-7.safetensors"]): was trained with"))
    let none = try BuiltTool.run(
      shop.training("u.safetensors", epochs: 2, ["--seed", "5,7", "--resume"]))
    #expect(none.errorLine.hasPrefix("nothing to resume: "))
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
    try shop.folder.write(Data("\nmixup = 2\n".utf8), to: "mixed.txt")
    try shop.folder.write(Data("teacher = nobody.safetensors\n".utf8), to: "taught.txt")
    let output = shop.folder["c.safetensors"]
    let cases: [([String], String)] = [
      (["--data", "/nowhere", "--network", "tiny"], "/nowhere: no such file or folder"),
      (["--data", shop.data, "--network", "tinny"], "tinny is neither a file nor a preset"),
      (["--data", shop.data, "--network", shop.folder["typo.txt"]], "line 2"),
      (
        ["--data", shop.data, "--network", "tiny", "--recipe", shop.folder["recipe.txt"]], "epochs"
      ),
      (
        ["--data", shop.data, "--network", "tiny", "--recipe", shop.folder["mixed.txt"]],
        "mixed.txt: recipe line 2: mixup takes a number in 0 ... 1, found '2'"
      ),
      (
        ["--data", shop.data, "--network", "tiny", "--recipe", shop.folder["taught.txt"]],
        "\(shop.folder["nobody.safetensors"]): no such file or folder"
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
    for wrong in [
      ["--resume"], ["--threads", "0"], ["--threads", "257"], ["--seed", "1,1"], ["--seed", "1,"],
      ["--seed", "-1"],
    ] {
      #expect(try BuiltTool.run(seeded + wrong).status == 64)
    }
    #expect(try !shop.folder.names().contains("c.safetensors"))
  }

  /// A copy of the shop's training data with other labels.
  private func data(_ name: String, relabel: (UInt8) -> UInt8) throws -> String {
    let (pictures, labels) = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
    try shop.folder.write(shop.folder.bytes("data/\(pictures)"), to: "\(name)/\(pictures)")
    let bytes = try shop.folder.bytes("data/\(labels)")
    try shop.folder.write(
      bytes.prefix(8) + Data(bytes.dropFirst(8).map(relabel)), to: "\(name)/\(labels)")
    return shop.folder[name]
  }

  @Test func `a label that the network doesn't know is refused with its picture`() throws {
    let data = try data("eleven") { $0 == 3 ? 11 : $0 }
    let labels = try shop.folder.bytes("eleven/train-labels-idx1-ubyte").dropFirst(8)
    let picture = try #require(labels.firstIndex(of: 11)) - labels.startIndex
    let outcome = try BuiltTool.run(shop.training("l.safetensors", ["--data", data]))
    #expect(outcome.status == 1)
    #expect(
      outcome.errorLine
        == "\(data)/train-labels-idx1-ubyte: picture \(picture) has label 11, the network tells 0 to 9 apart"
    )
    // So are more folders of pictures than labels.
    let png = PNGFormat.encode(
      Picture(shape: Shape(height: 1, width: 1, channels: 1), pixels: [0]))
    for label in 10...20 { try shop.folder.write(Data(png), to: "folders/\(label)/a.png") }
    let folders = shop.folder["folders"]
    let many = try BuiltTool.run(shop.training("l.safetensors", ["--data", folders]))
    #expect(
      many.errorLine == "\(folders): holds folders of 11 labels, the network tells 10 apart")
    #expect(try !shop.folder.names().contains { $0.hasPrefix("l.safetensors") })
  }

  @Test func `labels without a picture are warned of`() throws {
    let data = try data("seven") { [2, 7].contains($0) ? 1 : $0 }
    let outcome = try BuiltTool.run(shop.training("w.safetensors", ["--data", data, "--json"]))
    #expect(outcome.status == 0)
    #expect(
      outcome.error.hasPrefix("thimble: warning: \(data): no training picture has labels 2, 7\n"))
    #expect(try outcome.json()["epochs"] as? Int == 2)
    let png = PNGFormat.encode(
      Picture(shape: Shape(height: 1, width: 1, channels: 1), pixels: [0]))
    for label in 1...9 {
      for name in ["a", "b"] {
        try shop.folder.write(Data(png), to: "nine/train/\(label)/\(name).png")
      }
    }
    let nine = shop.folder["nine"]
    let fewer = try BuiltTool.run(shop.training("v.safetensors", ["--data", nine]))
    #expect(
      fewer.error.contains(
        "thimble: warning: \(nine): has labels 1, 2, 3, 4, 5, 6, 7, 8, 9; the network tells 10 apart\n"
      ))
    let scored = try BuiltTool.run(["evaluate", shop.folder["v.safetensors"], "--data", shop.data])
    #expect(scored.status == 0 && scored.output.contains("  9  output 9\n"), "\(scored.output)")
    let whole = try BuiltTool.run(shop.training("x.safetensors"))
    #expect(!whole.error.contains("warning"))
  }

  @Test func `a number that isn't finite stops the run, and the last state stays`() throws {
    // Without batch norms, weights of 1e29 make values of 1e38 in the second epoch.
    let network = "input 28x28x1\nconv 3x3 4 stride=3\nrelu\nconv 3x3 4\nrelu\ndense 10\n"
    try shop.folder.write(Data(network.utf8), to: "plain.txt")
    let recipe = "optimizer = sgd\nlearning_rate = 1e30\nbatch = 440\n"
    try shop.folder.write(Data(recipe.utf8), to: "fast.txt")
    let arguments = shop.training(
      "n.safetensors", epochs: 9,
      ["--network", shop.folder["plain.txt"], "--recipe", shop.folder["fast.txt"]])
    let outcome = try BuiltTool.run(arguments)
    #expect(outcome.status == 1)
    #expect(
      outcome.errorLine
        == "epoch 2, batch 1: a value of layer conv2 is the first number that is not finite; try a lower "
        + "learning_rate, a longer warm_up or a gradient_clip; \(shop.folder["n.safetensors.state"]) holds "
        + "what was learned in 1 epoch, for --from with another --output")
    let state = try TrainingState(bytes: [UInt8](shop.folder.bytes("n.safetensors.state")))
    #expect(state.epoch == 1)
    #expect(try !shop.folder.names().contains("n.safetensors"))
    let from = ["--from", shop.folder["n.safetensors.state"]]
    let next = [
      "train", "--data", shop.data, "--epochs", "1", "--output", shop.folder["m.safetensors"],
    ]
    #expect(try BuiltTool.run(next + from).errorLine.hasPrefix("epoch 1, batch 1: a value of"))
    let report = try BuiltTool.run([
      "report", shop.folder["n.safetensors.state"], "--data", shop.data, "--output",
      shop.folder["n.html"],
    ])
    #expect(report.status == 0, "\(report.error)")
    let page = try Page(shop.folder.bytes("n.html"))
    #expect(try page.elements("p", where: ("class", "warning")).isEmpty)
  }

  @Test func `the state of a run that was stopped is a network to begin with`() throws {
    try shop.folder.write(Data("average_decay = 0.9\n".utf8), to: "r.txt")
    let arguments = shop.training(
      "s.safetensors", epochs: 300, ["--recipe", shop.folder["r.txt"]])
    let stopped = try BuiltTool.run(arguments, interruptedAfter: "epoch 3/300")
    #expect(stopped.status == 130)
    let path = shop.folder["s.safetensors.state"]
    let state = try TrainingState(bytes: [UInt8](shop.folder.bytes("s.safetensors.state")))
    #expect(state.trained.parameters != state.network.parameters)
    #expect(try NetworkFile.checkpoint(path).network == state.trained)
    let scored = try BuiltTool.run(["evaluate", path, "--data", shop.data])
    #expect(scored.status == 0 && scored.output.contains(path))
    let next = try BuiltTool.run([
      "train", "--data", shop.data, "--from", path, "--epochs", "1", "--output",
      shop.folder["t.safetensors"],
    ])
    #expect(next.status == 0, "\(next.error)")
    try shop.folder.write(shop.folder.bytes("s.safetensors.state").dropLast(4), to: "u.state")
    let cut = try BuiltTool.run(["evaluate", shop.folder["u.state"], "--data", shop.data])
    #expect(cut.status == 1 && cut.errorLine.hasPrefix("\(shop.folder["u.state"]): "))
  }
}
