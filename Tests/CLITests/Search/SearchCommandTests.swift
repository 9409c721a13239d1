import Export
import Foundation
import Network
import Search
import Testing
import Train

@testable import CLI

@Suite("search") struct SearchCommandTests {
  let files = try! SearchShop()
  var folder: TemporaryFolder { files.shop.folder }

  private func database(_ output: String) throws -> SearchDatabase {
    try SearchDatabase(existing: folder["\(output)/search.sqlite"])
  }

  @Test func `keeps to the budgets, and scores files as they are`() throws {
    let budgets = ["--budget-flash", "2600", "--budget-ram", "900"]
    let outcome = try BuiltTool.run(files.searching("a", budgets + ["--json"]))
    #expect(outcome.status == 0, "\(outcome.error)")
    let json = try outcome.json()
    #expect(
      Set(json.keys) == [
        "trials", "over_budget", "repeated", "failed", "trained", "epochs", "best", "front",
        "seconds", "output",
      ])
    let front = try #require(json["front"] as? [[String: Any]])
    #expect(
      Set(try #require(front.first).keys) == [
        "trial", "epochs", "validation_accuracy", "file_bytes", "ram_bytes", "macs", "parameters",
        "weights", "network", "model",
      ])
    let trials = try database("a").trials()
    let trained = try database("a").trained()
    #expect(trials.map(\.number) == Array(1...7))
    // Both happen, else this would show nothing.
    #expect(!trained.isEmpty)
    let rejected = trials.filter { $0.state == .rejected }
    #expect(!rejected.isEmpty)
    #expect(rejected.allSatisfy { $0.reason?.contains("the budget is") == true })
    #expect(trained.contains { $0.epochs == 6 })
    let validation = try DatasetLoader(cache: CacheFolder(path: folder["cache"]))
      .load(.training, from: DataFolder(files.shop.data)).splitForValidation().validation
    for trial in trained {
      let model = try HostModel([UInt8](folder.bytes("a/\(trial.trial).thimble")))
      #expect(model.file.count == trial.file_bytes)
      #expect(model.model.memoryByteCount == trial.ram_bytes)
      #expect(trial.file_bytes <= 2600 && trial.ram_bytes <= 900)
      let evaluation = try ModelEvaluation(of: model, on: validation, threads: 1)
      #expect(evaluation.correct == trial.correct)
      // What was said before it was trained: but for scales in the metadata, which are text.
      let record = try #require(trials.first { $0.number == trial.trial })
      #expect(abs(try #require(record.file_bytes) - trial.file_bytes) < 40)
      #expect(record.ram_bytes == trial.ram_bytes)
    }
    let best = try #require(json["best"] as? Int)
    #expect(try folder.bytes("a/best.thimble") == folder.bytes("a/\(best).thimble"))
  }

  @Test(arguments: ["int8", "int4, ternary"])
  func `training the best again gives its very weights`(weights: String) throws {
    try folder.write(
      folder.bytes("space.txt") + Data("weights = \(weights)\nkeep = best\n".utf8), to: "space.txt")
    let outcome = try BuiltTool.run(files.searching("a", ["--seed", "3", "--json"]))
    let trained = try database("a").trained()
    let full = try #require(trained.first { $0.epochs == 6 }, "\(outcome.error)").trial
    let again = try BuiltTool.run([
      "train", "--data", files.shop.data, "--network", folder["a/\(full).txt"], "--recipe",
      folder["a/\(full).recipe"], "--seed", "3", "--output", folder["again.safetensors"],
    ])
    #expect(again.status == 0, "\(again.error)")
    let checkpoint = try Checkpoint(bytes: [UInt8](folder.bytes("again.safetensors")))
    let found = try Checkpoint(bytes: [UInt8](folder.bytes("a/\(full).safetensors")))
    #expect(checkpoint.network == found.network)
    #expect((found.network.quantization == nil) == (weights == "int8"))
    // Nothing is left that there is no use for.
    #expect(!FileManager.default.fileExists(atPath: folder["a/\(full).state"]))
  }

  @Test(arguments: [SIGKILL, SIGINT])
  func `stopped, the same command ends as if it had not been`(signal: Int32) throws {
    #expect(try BuiltTool.run(files.searching("whole")).status == 0)
    // Again and again, at different places.
    for text in ["trial 1/7", "after 6 of 6", "trial 4/7"] {
      let stopped = try BuiltTool.run(
        files.searching("stopped"), interruptedAfter: text, by: signal)
      #expect(stopped.status != 0)
    }
    let last = try BuiltTool.run(files.searching("stopped"))
    #expect(last.status == 0, "\(last.error)")
    #expect(try files.outcome("stopped") == files.outcome("whole"))
    for name in ["front.svg", "best.thimble", "space.txt"] {
      #expect(try folder.bytes("stopped/\(name)") == folder.bytes("whole/\(name)"), "\(name)")
    }
    #expect(try !folder.names("stopped").contains { $0.hasPrefix(OutputFile.hiddenPrefix) })
  }

  @Test func `killed in the middle of a trial, it goes on with that`() throws {
    let long = ["--epochs", "200", "--min-epochs", "200", "--trials", "1"]
    let state = folder["k/1.state"]
    let killed = try BuiltTool.run(files.searching("k", long), by: SIGKILL) {
      FileManager.default.fileExists(atPath: state)
    }
    #expect(killed.status != 0)
    let epoch = try TrainingState(bytes: [UInt8](folder.bytes("k/1.state"))).epoch
    #expect((1..<200).contains(epoch))
    #expect(try BuiltTool.run(files.searching("k", long)).status == 0)
    #expect(try BuiltTool.run(files.searching("whole", long)).status == 0)
    #expect(try folder.bytes("k/1.safetensors") == folder.bytes("whole/1.safetensors"))
  }

  @Test func `more trials may be asked for, and the rest stays`() throws {
    #expect(try BuiltTool.run(files.searching("m", ["--trials", "3"])).status == 0)
    let few = try database("m").trials()
    #expect(try BuiltTool.run(files.searching("m")).status == 0)
    let more = try database("m").trials()
    #expect(more.count == 7)
    #expect(Array(more.prefix(3)) == few)
  }

  @Test func `shares have the trials of the whole, and merge to a search that goes on`() throws {
    #expect(try BuiltTool.run(files.searching("whole")).status == 0)
    for share in ["1/2", "2/2"] {
      let name = "part\(share.prefix(1))"
      let outcome = try BuiltTool.run(files.searching(name, ["--shard", share]))
      #expect(outcome.status == 0, "\(outcome.error)")
    }
    let parts = [folder["part1"], folder["part2"]]
    let merging = ["search", "--merge"] + parts + ["--output", folder["merged"], "--json"]
    let merged = try BuiltTool.run(merging)
    #expect(merged.status == 0, "\(merged.error)")
    #expect(try merged.json()["trials"] as? Int == 7)
    let first = { (output: String) in
      try database(output).results().filter { $0.rung == 0 }.map(\.score)
    }
    // Trials that were drawn twice are seen only by who has both.
    let whole = try first("whole")
    #expect(
      try first("merged").filter { score in whole.contains { $0.trial == score.trial } } == whole)
    #expect(try BuiltTool.run(merging).errorLine.contains("is not empty"))
    let goingOn = try BuiltTool.run(files.searching("merged"))
    #expect(goingOn.status == 0, "\(goingOn.error)")
    // Two of one share, and one of another search.
    let twice = ["search", "--merge", parts[0], parts[0], "--output", folder["twice"]]
    #expect(try BuiltTool.run(twice).status == 1)
    #expect(try BuiltTool.run(files.searching("other", ["--seed", "2"])).status == 0)
    let strangers = try BuiltTool.run([
      "search", "--merge", parts[0], folder["other"], "--output", folder["strangers"],
    ])
    #expect(strangers.status == 1)
    #expect(strangers.errorLine.hasSuffix("are not of one search: --seed 1, not 2"))
    #expect(!FileManager.default.fileExists(atPath: folder["strangers"]))
  }

  @Test func `another search in the same folder is refused, and says why`() throws {
    #expect(try BuiltTool.run(files.searching("o", ["--trials", "1"])).status == 0)
    try folder.write(Data("width = 3\n".utf8), to: "other.txt")
    for (more, words) in [
      (["--seed", "2"], "--seed 1, not 2"), (["--epochs", "7"], "--epochs 6, not 7"),
      (["--budget-ram", "9"], "--budget-ram none, not 9"),
      (["--shard", "1/2"], "--shard 1/1, not 1/2"),
      (["--space", folder["other.txt"]], "a --space of 'blocks = 0 .. 1', not 'blocks = 1 .. 4'"),
    ] {
      let outcome = try BuiltTool.run(files.searching("o", more))
      #expect(outcome.status == 1)
      #expect(outcome.errorLine.contains("o: holds a search with \(words)"), "\(outcome.error)")
    }
    let lock = try OutputLock(folder["o"])
    let second = try BuiltTool.run(files.searching("o"))
    withExtendedLifetime(lock) {}
    #expect(second.status == 1)
    #expect(second.errorLine.hasSuffix("o: another run is writing to it"))
  }

  @Test func `what can't be searched is one line`() throws {
    try folder.write(Data("width = 3\nwidht = 4".utf8), to: "bad.txt")
    for (arguments, status, words) in [
      (
        files.searching("x", ["--space", folder["bad.txt"]]), 1,
        "bad.txt: space line 2: unknown key"
      ),
      (files.searching("x", ["--space", folder["none.txt"]]), 1, "none.txt: no such file"),
      (["search", "--data", folder["none"], "--output", folder["x"]], 1, "none: no such file"),
      (["search", "--show", "--output", folder["x"]], 1, "x/search.sqlite: no such file"),
      (["search", "--merge", folder["x"], "--output", folder["y"]], 1, "there is no search in it"),
      (files.searching("net.txt"), 1, "net.txt: is a file, a folder is needed"),
      (files.searching("x", ["--shard", "3/2"]), 64, "3/2"),
      (files.searching("x", ["--eta", "1"]), 64, "--eta takes a number from 2"),
      (files.searching("x", ["--min-epochs", "9"]), 64, "--min-epochs 9 is more than --epochs 6"),
    ] {
      let outcome = try BuiltTool.run(arguments)
      #expect(outcome.status == Int32(status))
      #expect(outcome.error.contains(words), "\(outcome.error)")
      #expect(outcome.output.isEmpty)
    }
    #expect(!FileManager.default.fileExists(atPath: folder["x"]))
    let tight = try BuiltTool.run(files.searching("tight", ["--budget-ram", "10"]))
    #expect(tight.status == 1)
    #expect(tight.errorLine.contains("no trial was trained, of 7; the smallest file is"))
  }
}
