import Foundation
import Testing

@testable import CLI

@Suite("firmware") struct FirmwareCommandTests {
  static let hasEmulators = [
    "qemu-system-arm", "arm-none-eabi-gcc", "qemu-aarch64", "aarch64-linux-gnu-gcc", "node",
    "qemu-system-riscv32", "riscv64-unknown-elf-gcc",
  ]
  .allSatisfy { tool in
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
      access("\($0)/\(tool)", X_OK) == 0
    }
  }

  @Test func `refuses a target or checkout that isn't there`() throws {
    let shop = try Workshop()
    let model = try shop.model()
    let output = shop.folder["out"]
    let target = try BuiltTool.run(["firmware", model, "--target", "z80", "--output", output])
    #expect(target.status == 1)
    #expect(target.errorLine.hasPrefix("no target z80; there are cortex-m0, "))
    let source = try BuiltTool.run([
      "firmware", model, "--target", "cortex-m4", "--source", shop.data, "--output", output,
    ])
    #expect(source.status == 1)
    #expect(source.errorLine.hasSuffix("is no checkout: it has no Firmware/Makefile"))
  }

  @Test
  func
    `weights laid out for another target are refused, those for the same one are used as they are`()
    throws
  {
    let shop = try Workshop()
    let makefile = "layout:\n\t@echo $(TARGET)\nfirmware:\nsize:\n\t@echo flash 1\n"
    try shop.folder.write(Data(makefile.utf8), to: "checkout/Firmware/Makefile")
    for layout in ["pairs", "eights"] {
      try shop.folder.write(Data(), to: "checkout/Firmware/Boards/\(layout)/board.mk")
    }
    func firmware(_ model: String, _ target: String, _ output: String) throws -> BuiltTool.Outcome {
      try BuiltTool.run([
        "firmware", model, "--target", target, "--source", shop.folder["checkout"],
        "--output", shop.folder[output],
      ])
    }
    let first = try firmware(shop.model(), "pairs", "first")
    #expect(first.status == 0, "\(first.error)")
    let laidOut = shop.folder["first/model.thimble"]
    let again = try firmware(laidOut, "pairs", "again")
    #expect(again.status == 0, "\(again.error)")
    #expect(
      try shop.folder.bytes("again/model.thimble") == shop.folder.bytes("first/model.thimble"))
    let other = try firmware(laidOut, "eights", "other")
    #expect(other.status == 1)
    #expect(
      other.errorLine.hasSuffix(
        "has its weights laid out as pairs for another target, and eights takes eights; "
          + "give the file that export wrote"))
  }

  @Test func `interrupted, it ends what it started`() throws {
    let shop = try Workshop()
    let model = try shop.model()
    // A checkout whose firmware takes for ever to run, in a process of its own.
    let makefile = "layout:\n\t@echo plain\nrun:\n\t@echo $$$$ > pid; sleep 600; true\n"
    try shop.folder.write(Data(makefile.utf8), to: "checkout/Firmware/Makefile")
    try shop.folder.write(Data(), to: "checkout/Firmware/Boards/cortex-m4/board.mk")
    let pid = shop.folder["checkout/Firmware/pid"]
    let outcome = try BuiltTool.run(
      [
        "firmware", model, "--target", "cortex-m4", "--run", "--data", shop.data, "--count", "2",
        "--source", shop.folder["checkout"], "--output", shop.folder["out"],
      ],
      interruptedWhen: { FileManager.default.fileExists(atPath: pid) })
    #expect(outcome.status == 130, "\(outcome.error)")
    let shell = try #require(
      Int32(String(decoding: shop.folder.bytes("checkout/Firmware/pid"), as: UTF8.self).dropLast()))
    #expect(kill(shell, 0) != 0 && errno == ESRCH)
  }

  @Test(
    .enabled(if: hasEmulators, "skipped: an emulator or a cross compiler is missing"),
    arguments: [
      "cortex-m0", "cortex-m0 --interpreted", "cortex-m4", "cortex-m4 --interpreted", "rpi-3",
      "linux-arm64", "riscv32", "wasm",
    ])
  func `gives the host's bytes`(form: String) throws {
    let words = form.split(separator: " ").map(String.init)
    let target = words[0]
    let shop = try Workshop()
    let outcome = try BuiltTool.run(
      [
        "firmware", shop.model(), "--target", target, "--run", "--pictures", shop.data, "--count",
        "20", "--output", shop.folder["out"], "--json",
      ] + words.dropFirst())
    #expect(outcome.status == 0, "\(outcome.error)")
    let json = try outcome.json()
    for key in ["flash_bytes", "ram_bytes"] {
      #expect(json[key] as? Int ?? 0 > 500, "\(key)")
    }
    if target == "wasm" {
      #expect(json["instructions"] is NSNull)
    } else {
      #expect(json["instructions"] as? Int ?? 0 > 500)
    }
    #expect(json["target"] as? String == target)
    #expect(json["pictures"] as? Int == 20)
    #expect(json["mismatches"] as? Int == 0)
  }

  @Test(
    .enabled(if: hasEmulators, "skipped: an emulator or a cross compiler is missing"),
    arguments: [
      "cortex-m0 int4", "cortex-m4 ternary", "cortex-m55 int2", "cortex-m4 int4 --interpreted",
    ])
  func `gives the host's bytes with packed weights`(form: String) throws {
    let words = form.split(separator: " ").map(String.init)
    let shop = try Workshop()
    _ = try shop.model()
    let packed = shop.folder["packed.thimble"]
    let exported = try BuiltTool.run([
      "export", shop.folder["net.safetensors"], "--weights", words[1], "--output", packed,
    ])
    #expect(exported.status == 0, "\(exported.error)")
    let outcome = try BuiltTool.run(
      [
        "firmware", packed, "--target", words[0], "--run", "--pictures", shop.data, "--count",
        "20", "--output", shop.folder["out"], "--json",
      ] + words.dropFirst(2))
    #expect(outcome.status == 0, "\(outcome.error)")
    let json = try outcome.json()
    #expect(json["pictures"] as? Int == 20)
    #expect(json["mismatches"] as? Int == 0)
  }

  @Test(.enabled(if: hasEmulators, "skipped: an emulator or a cross compiler is missing"))
  func `profiles each layer that computes`() throws {
    let shop = try Workshop()
    let outcome = try BuiltTool.run([
      "firmware", shop.model(), "--target", "cortex-m4", "--run", "--profile", "--pictures",
      shop.data, "--count", "1", "--output", shop.folder["out"], "--json",
    ])
    #expect(outcome.status == 0, "\(outcome.error)")
    let json = try outcome.json()
    let layers = try #require(json["layers"] as? [[String: Any]])
    let total = try #require(json["instructions"] as? Int)
    let counts = layers.compactMap { $0["instructions"] as? Int }
    #expect(counts.count == layers.count && counts.allSatisfy { $0 > 0 })
    #expect(counts.reduce(0, +) == total)
    // The kernels do the work; the walk is a small part of it.
    #expect(try #require(counts.last) < total / 4)
    for layer in layers where (layer["macs"] as? Int ?? 0) > 0 {
      #expect(layer["instructions"] as? Int ?? 0 > (layer["macs"] as? Int ?? 0) / 2)
    }
  }

  @Test(
    .enabled(if: hasEmulators, "skipped: an emulator or a cross compiler is missing"),
    arguments: ["rpi-3", "rpi-3 --interpreted", "cortex-m4"])
  func `an image counts cycles by layer itself, and its log is read`(form: String) throws {
    let words = form.split(separator: " ").map(String.init)
    let target = words[0]
    let shop = try Workshop()
    let out = shop.folder["out"]
    let model = try shop.model()
    let built = try BuiltTool.run(
      ["firmware", model, "--target", target, "--profile", "--output", out] + words.dropFirst())
    #expect(built.status == 0, "\(built.error)")
    let run = try ChildProcess.run(
      "make",
      [
        "-s", "-C", FirmwareCheckout(nil).path + "/Firmware", "run", "TARGET=\(target)",
        "MODEL=\(out)/model.thimble", "OUTPUT=\(out)", "PROFILE=cycles",
        words.count == 1 ? "SPECIALIZED=\(out)/SpecializedModel.swift" : "RAW_ONLY=1",
      ])
    #expect(run.status == 0, "\(run.errors)")
    let counts = try #require(ProfileCounts(run.output))
    #expect(counts.unit == .cycles)
    try shop.folder.write(Data(run.output.joined(separator: "\r\n").utf8), to: "log")
    let read = try BuiltTool.run([
      "firmware", model, "--target", target, "--profile-log", shop.folder["log"], "--json",
    ])
    // This emulated core has no such counter.
    if target == "cortex-m4" {
      #expect(read.status == 1)
      #expect(read.errorLine == "the profile counts no cycles: the counter stood still")
      return
    }
    #expect(read.status == 0, "\(read.error)")
    let layers = try #require(read.json()["layers"] as? [[String: Any]])
    let cycles = layers.compactMap { $0["cycles"] as? Int }
    #expect(cycles.count == counts.parts.count + 1)
    #expect(cycles.reduce(0, +) == counts.total)
  }

  @Test func `a log that is no profile of the model is refused`() throws {
    let shop = try Workshop()
    let model = try shop.model()
    func line(_ log: String) throws -> String {
      try shop.folder.write(Data(log.utf8), to: "log")
      let outcome = try BuiltTool.run([
        "firmware", model, "--target", "cortex-m4", "--profile-log", shop.folder["log"],
      ])
      #expect(outcome.status == 1)
      return outcome.errorLine
    }
    #expect(
      try line("f0f2\n").hasSuffix(
        "log has no profile: a line of cycles, and one for each record that took steps"))
    #expect(
      try line("cycles 9 calls 1\npart 77 cycles 9 calls 1\n").hasPrefix(
        "the profile has record 77, the model records 0 to "))
  }

  @Test func `counts are those of the last inference that a log has whole`() throws {
    let lines = [
      "part 1 cycles 5 calls 1", "f0f2", "cycles 100 calls 1", "part 1 cycles 60 calls 3\r",
      "part 2 instructions 5 calls 1", "part 2 cycles x calls 1", "cycles 90 calls 2\r",
      "part 1 cycles 50 calls 3", "part 2 cycles 30 calls 1", "stack 400",
      "instructions 7 calls 1 least 7 most 7",
    ]
    let counts = try #require(ProfileCounts(lines))
    #expect(counts.unit == .cycles)
    #expect(counts.total == 90)
    #expect(counts.parts == [1: 50, 2: 30])
    #expect(ProfileCounts(Array(lines[4...6])) == nil)
  }
}
