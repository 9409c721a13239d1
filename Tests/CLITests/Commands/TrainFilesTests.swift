import Foundation
import Testing
import Train

@testable import CLI

@Suite("train's files") struct TrainFilesTests {
  private let shop: Workshop

  init() throws { shop = try Workshop() }

  @Test func `a checkpoint keeps its history until another takes its place`() throws {
    #expect(try BuiltTool.run(shop.training("h.safetensors")).status == 0)
    let before = try ["", ".history.jsonl"].map { try shop.folder.bytes("h.safetensors\($0)") }
    let arguments = shop.training("h.safetensors", epochs: 300, ["--seed", "2"])
    let stopped = try BuiltTool.run(arguments, interruptedAfter: "epoch 3/300")
    #expect(
      stopped.error.hasPrefix(
        "thimble: warning: \(shop.folder["h.safetensors"]) is there already; this run replaces it when it is done\n"
      ))
    #expect(
      try ["", ".history.jsonl"].map { try shop.folder.bytes("h.safetensors\($0)") } == before)
    #expect(try BuiltTool.run(arguments + ["--resume"]).status == 0)
    #expect(try TrainingHistory(of: shop.folder["h.safetensors"])?.lines.count == 300)
    #expect(
      try shop.folder.names().filter { $0.hasPrefix("h.") } == [
        "h.safetensors", "h.safetensors.history.jsonl",
      ])
  }

  @Test func `works where standard places are closed`() throws {
    for (closed, status) in [("<&-", 0), (">&-", 1), ("2>&-", 0), (">&- 2>&-", 1)]
      as [(String, Int32)]
    {
      try? FileManager.default.removeItem(atPath: shop.folder["c.safetensors"])
      let outcome = try BuiltTool.run(
        shop.training("c.safetensors"), launcher: ["sh", "-c", "exec \"$@\" \(closed)", "sh"])
      #expect(outcome.status == status, "\(closed)")
      #expect(try shop.folder.names().contains("c.safetensors"), "\(closed)")
    }
  }

  @Test func `a place that can't be written to is known before the first epoch`() throws {
    for name in ["y.safetensors.history.jsonl", "z.safetensors.state.history.jsonl"] {
      try Folder.make(shop.folder[name])
      let outcome = try BuiltTool.run(shop.training("\(name.prefix(1)).safetensors"))
      #expect(outcome.status == 1 && !outcome.error.contains("epoch"))
      #expect(outcome.errorLine == "\(shop.folder[name]): is a folder, a file is needed")
    }
  }

  @Test func `what is read isn't replaced`() throws {
    #expect(try BuiltTool.run(shop.training("o.safetensors")).status == 0)
    let labels = shop.data + "/train-labels-idx1-ubyte"
    let checkpoint = shop.folder["o.safetensors"]
    for (arguments, path) in [
      (shop.training("data/train-labels-idx1-ubyte"), labels),
      (["export", checkpoint, "--output", checkpoint], checkpoint),
      (["export", checkpoint, "--calibration", shop.data, "--output", labels], labels),
      (["report", checkpoint, "--data", shop.data, "--output", labels], labels),
    ] {
      let before = try Data(contentsOf: URL(fileURLWithPath: path))
      let outcome = try BuiltTool.run(arguments)
      #expect(outcome.status == 1)
      #expect(outcome.errorLine == "\(path): would replace \(path), which is read")
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }
  }

  @Test func `a second run to the same output is refused, and a killed one leaves no lock`() throws
  {
    let arguments = shop.training("q.safetensors", epochs: 300)
    var second: BuiltTool.Outcome?
    let first = try BuiltTool.run(
      arguments, interruptedAfter: "epoch 2/300", by: SIGKILL,
      victim: { process in
        second = try? BuiltTool.run(shop.training("q.safetensors", ["--resume"]))
        return process
      })
    #expect(first.status == SIGKILL)
    #expect(second?.status == 1)
    #expect(second?.errorLine == "\(shop.folder["q.safetensors"]): another run is writing to it")
    #expect(try BuiltTool.run(arguments + ["--resume"]).status == 0)
    #expect(
      try shop.folder.names().filter { $0.hasPrefix("q.") } == [
        "q.safetensors", "q.safetensors.history.jsonl",
      ])
    #expect(try BuiltTool.run(shop.training("whole.safetensors", epochs: 300)).status == 0)
    #expect(try shop.folder.bytes("q.safetensors") == shop.folder.bytes("whole.safetensors"))
  }

  @Test func `a disk that fills up keeps the last state, from which it goes on`() throws {
    try SmallDisk.use(at: shop.folder["disk"]) { disk in
      // A network whose state the disk holds twice.
      try shop.folder.write(
        Data("input 28x28x1\nmaxpool 4x4\ndense 10\n".utf8), to: "thin.txt")
      let arguments = shop.training(
        "disk/d.safetensors", epochs: 300, ["--network", shop.folder["thin.txt"]])
      let stopped = try BuiltTool.run(arguments, interruptedAfter: "epoch 2/300")
      #expect(stopped.status == 130)
      let state = try shop.folder.bytes("disk/d.safetensors.state")
      let filling = disk + "/filling"
      #expect(FileManager.default.createFile(atPath: filling, contents: nil))
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: filling))
      #expect(throws: (any Error).self) { try file.write(contentsOf: Data(count: 64 << 10)) }
      let full = try BuiltTool.run(arguments + ["--resume"])
      #expect(full.status == 1)
      #expect(full.errorLine.contains("No space left"), "\(full.error)")
      #expect(try shop.folder.bytes("disk/d.safetensors.state") == state)
      #expect(
        try shop.folder.names("disk") == [
          "d.safetensors.state", "d.safetensors.state.history.jsonl", "filling",
        ])
      try FileManager.default.removeItem(atPath: filling)
      let resumed = try BuiltTool.run(arguments + ["--resume"], interruptedAfter: "epoch ")
      let epoch = try TrainingState(bytes: [UInt8](state)).epoch
      #expect(resumed.error.contains("thimble: epoch \(epoch + 1)/300"), "\(resumed.error)")
    }
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
