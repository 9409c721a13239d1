import Foundation
import Testing
import Train

@testable import CLI

/// The tool as several processes under a real launcher.
@Suite("Ranks of mpirun", .serialized, .enabled(if: hasMPI, "no MPI in this build; make check-mpi"))
struct RanksTests {
  private let shop: Workshop

  init() throws {
    shop = try Workshop()
    // The tests may be root; a launcher wants to be told that this is meant.
    setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 1)
    setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 1)
  }

  /// What starts so many ranks, however few cores there are.
  private func launcher(_ ranks: Int) -> [String] {
    [
      "mpirun", "--oversubscribe", "--mca", "mpi_yield_when_idle", "1", "--bind-to", "none", "-np",
      "\(ranks)",
    ]
  }

  @Test(arguments: 1...4)
  func `any number of ranks makes the bytes that one process makes`(count: Int) throws {
    let alone = try BuiltTool.run(shop.training("alone.safetensors", epochs: 5, ["--seed", "3,4"]))
    #expect(alone.status == 0)
    let outcome = try BuiltTool.run(
      shop.training("r.safetensors", epochs: 5, ["--seed", "3,4", "--json", "--threads", "2"]),
      launcher: launcher(count))
    #expect(outcome.status == 0, "\(outcome.error)")
    for seed in [3, 4] {
      let expected = try shop.folder.bytes("alone-\(seed).safetensors")
      #expect(try shop.folder.bytes("r-\(seed).safetensors") == expected)
    }
    // One of them speaks.
    #expect(try (outcome.json()["runs"] as? [Any])?.count == 2)
    #expect(outcome.error.components(separatedBy: "epoch 5/5").count == 3)
    #expect(
      try shop.folder.names().filter { $0.hasPrefix("r-") } == [
        "r-3.safetensors", "r-3.safetensors.history.jsonl", "r-4.safetensors",
        "r-4.safetensors.history.jsonl",
      ])
  }

  @Test(arguments: [0, 1, 2])
  func `killed, a rank ends the run, and the last state resumes to the same bytes`(
    rank: Int
  ) throws {
    let arguments = shop.training("k.safetensors", epochs: 100, ["--threads", "1"])
    let killed = try BuiltTool.run(
      arguments, interruptedAfter: "epoch 2/100", by: SIGKILL, launcher: launcher(3),
      victim: { children(of: $0)[rank] })
    #expect(killed.status != 0)
    #expect(try TrainingState(bytes: [UInt8](shop.folder.bytes("k.safetensors.state"))).epoch >= 1)
    #expect(try !shop.folder.names().contains("k.safetensors"))
    let resumed = try BuiltTool.run(arguments + ["--resume"], launcher: launcher(2))
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(try BuiltTool.run(shop.training("whole.safetensors", epochs: 100)).status == 0)
    #expect(try shop.folder.bytes("k.safetensors") == shop.folder.bytes("whole.safetensors"))
  }

  @Test func `interrupted, all ranks stop after a step and leave a state`() throws {
    let arguments = shop.training("i.safetensors", epochs: 100_000)
    let stopped = try BuiltTool.run(
      arguments, interruptedAfter: "epoch 2/100000", launcher: launcher(2))
    #expect(stopped.status != 0)
    #expect(stopped.error.contains("--resume goes on after epoch"), "\(stopped.error)")
    #expect(
      try shop.folder.names().filter { $0.hasPrefix("i.") } == [
        "i.safetensors.state", "i.safetensors.state.history.jsonl",
      ])
  }

  @Test func `ranks that would work on different things are refused in one line`() throws {
    try shop.folder.write(Data("learning_rate = 0.1\n".utf8), to: "recipe.txt")
    try shop.folder.write(Data("input 28x28x1\ndense 10\n".utf8), to: "other.txt")
    let other = try Workshop()
    let labels = "data/train-labels-idx1-ubyte"
    let bytes = try other.folder.bytes(labels)
    try other.folder.write(bytes.dropLast() + [(bytes.last! + 1) % 10], to: labels)
    let cases: [([String], String)] = [
      (["--seed", "2"], "has another seed than rank 0 on "),
      (["--recipe", shop.folder["recipe.txt"]], "has another recipe than rank 0 on "),
      (["--network", shop.folder["other.txt"]], "has another network than rank 0 on "),
      (["--data", other.data], "pictures than rank 0 on "),
      (["--data", "/nowhere"], ": /nowhere: no such file or folder"),
    ]
    for (more, words) in cases {
      let arguments = shop.training("d.safetensors")
      let outcome = try BuiltTool.run(
        arguments + [":", "-np", "1", BuiltTool.path] + arguments + more, launcher: launcher(1))
      #expect(outcome.status == 1)
      #expect(outcome.errorLine.hasPrefix("rank 1 on "), "\(outcome.error)")
      #expect(outcome.errorLine.contains(words), "\(outcome.error)")
    }
    #expect(try !shop.folder.names().contains { $0.hasPrefix("d.") })
  }

  @Test(arguments: [
    (["--threads", "0"], 64, "--threads takes"),
    (["--recipe", "/nowhere"], 1, "/nowhere: no such"),
    (["--resume"], 1, "nothing to resume"),
  ])
  func `what is wrong on all ranks is said by one`(
    more: [String], status: Int32, words: String
  ) throws {
    let outcome = try BuiltTool.run(
      shop.training("e.safetensors", more), launcher: launcher(3))
    #expect(outcome.status == status)
    #expect(outcome.error.components(separatedBy: words).count == 2, "\(outcome.error)")
    #expect(outcome.output.isEmpty)
  }

  @Test func `a disk that is full on rank 0 ends all`() throws {
    try SmallDisk.use(at: shop.folder["disk"]) { _ in
      let outcome = try BuiltTool.run(
        shop.training("disk/f.safetensors", epochs: 1000), launcher: launcher(2))
      #expect(outcome.status == 1)
      #expect(outcome.errorLine.contains("No space left"), "\(outcome.error)")
    }
  }
}

@Suite("Ranks without MPI", .enabled(if: !hasMPI, "this build has MPI"))
struct RanksWithoutMPITests {
  @Test func `a build without MPI refuses to be one of several`() throws {
    let shop = try Workshop()
    for rank in 0...1 {
      let outcome = try BuiltTool.run(
        shop.training("x.safetensors"),
        environment: ["OMPI_COMM_WORLD_RANK": "\(rank)", "OMPI_COMM_WORLD_SIZE": "2"])
      #expect(outcome.status == 1)
      #expect(
        outcome.error
          == (rank > 0
            ? ""
            : "thimble: error: started as one of 2 processes, and this build has no MPI; make build-mpi makes "
              + "one that has\n"))
    }
    let one = try BuiltTool.run(
      shop.training("x.safetensors"),
      environment: ["OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "1"])
    #expect(one.status == 0)
  }
}

/// Whether the tool was built with MPI.
private var hasMPI: Bool {
  #if MPI
    true
  #else
    false
  #endif
}

/// The processes that a process started, in their order.
private func children(of process: Int32) -> [Int32] {
  let path = "/proc/\(process)/task/\(process)/children"
  let text = try? String(contentsOfFile: path, encoding: .utf8)
  return (text ?? "").split(separator: " ").compactMap { Int32($0) }
}
