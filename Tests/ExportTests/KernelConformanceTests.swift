import Export
import Foundation
import Testing
import TinyRuntime

/// Every family of kernels against the plain ones, one op at a time.
@Suite struct KernelConformanceTests {
  /// Seeds that a run tries; those of a failure are printed.
  static let seeds: Range<UInt64> = 0..<4000

  @Test("Each layout gives the plain kernels' outputs on every shape")
  func equalsPlain() throws {
    var laidOut: [WeightLayout: Set<OpCode>] = [:]
    for seed in Self.seeds {
      let plain = try #require(
        try? HostModel(RandomOp.file(seed: seed), runsAsStored: true), "seed \(seed)")
      let picture = RandomOp.picture(of: plain, seed: seed)
      let expected = plain.run(picture)
      for layout in WeightLayout.allCases {
        let model = try HostModel(plain.relaid(to: layout))
        let output = model.run(picture)
        #expect(output == expected, "seed \(seed), \(layout), \(plain.records)")
        for record in model.records where record.isLaidOut {
          laidOut[layout, default: []].insert(record.op)
        }
      }
    }
    #expect(laidOut[.pairs] == [.conv2D, .depthwiseConv2D])
    #expect(laidOut[.eights] == [.conv2D, .depthwiseConv2D])
    #expect(laidOut[.fours] == [.conv2D, .depthwiseConv2D])
    #expect(laidOut[.sixteens] == [.conv2D, .dense])
    #expect(laidOut[.blocks] == [.conv2D, .depthwiseConv2D, .dense])
  }

  static let packed: [Encoding] = [.int4, .int2, .ternary]

  @Test(
    "Packed weights give the outputs of the same weights raw, in each layout", arguments: packed)
  func packedEqualsRaw(encoding: Encoding) throws {
    var packed: [WeightLayout: Set<OpCode>] = [:]
    for seed in Self.seeds.prefix(1500) {
      let raw = try HostModel(
        RandomOp.file(seed: seed, encoding: encoding, isUnpacked: true), runsAsStored: true)
      let plain = try HostModel(
        RandomOp.file(seed: seed, encoding: encoding), runsAsStored: true)
      let picture = RandomOp.picture(of: plain, seed: seed)
      let expected = raw.run(picture)
      #expect(plain.run(picture) == expected, "seed \(seed), \(plain.records)")
      for layout in WeightLayout.allCases {
        let model = try HostModel(plain.relaid(to: layout))
        let output = model.run(picture)
        #expect(output == expected, "seed \(seed), \(layout), \(plain.records)")
        for record in model.records where record.isPacked && record.isLaidOut {
          #expect(record.encoding == encoding.rawValue)
          packed[layout, default: []].insert(record.op)
        }
      }
    }
    #expect(
      packed == [
        .pairs: [.conv2D, .depthwiseConv2D], .eights: [.conv2D, .depthwiseConv2D],
        .blocks: [.conv2D, .depthwiseConv2D, .dense], .fours: [.conv2D, .depthwiseConv2D],
      ])
  }

  private static func has(_ tools: String...) -> Bool {
    tools.allSatisfy { tool in
      (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
        access("\($0)/\(tool)", X_OK) == 0
      }
    }
  }

  @Test(
    "So does the target itself, in the layout of its own",
    .enabled(
      if: has("qemu-system-arm", "arm-none-eabi-gcc")
        && has("qemu-aarch64", "aarch64-linux-gnu-gcc", "qemu-system-aarch64")
        && has("qemu-arm", "arm-linux-gnueabihf-gcc")
        && has("qemu-system-riscv32", "riscv64-unknown-elf-gcc", "node"),
      "skipped: an emulator or a cross compiler is missing"),
    arguments: [
      "cortex-m0plus", "cortex-m4", "cortex-m55", "rpi-2", "rpi-3", "linux-armhf", "linux-arm64",
      "riscv32", "wasm",
    ])
  func targetEqualsPlain(target: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let name = try make("layout", target).trimmingCharacters(in: .whitespacesAndNewlines)
    let layout = try #require(WeightLayout.allCases.first { "\($0)" == name })
    var vectors: [UInt8] = []
    let seeds = Self.seeds.prefix(1000)
    for seed in seeds {
      // Each encoding in turn, its outputs from the same weights raw.
      let encoding = ([.raw] + Self.packed)[Int(seed) % 4]
      let plain = try HostModel(RandomOp.file(seed: seed, encoding: encoding))
      let raw = try HostModel(
        RandomOp.file(seed: seed, encoding: encoding, isUnpacked: true), runsAsStored: true)
      let picture = RandomOp.picture(of: plain, seed: seed)
      let parts = [
        plain.relaid(to: layout), picture.map(UInt8.init(bitPattern:)),
        raw.run(picture).map(UInt8.init(bitPattern:)),
      ]
      for count in parts.map(\.count) + [0] {
        withUnsafeBytes(of: UInt32(count).littleEndian) { vectors += $0 }
      }
      for part in parts { vectors += part + [UInt8](repeating: 0, count: -part.count & 3) }
    }
    let file = folder.appending(path: "vectors.bin").path
    try Data(vectors).write(to: URL(filePath: file))
    let output = try make("conformance", target, "VECTORS=\(file)")
    #expect(output == "vectors \(seeds.count) differ 0\n")
  }

  /// What a goal of the firmware's Makefile prints.
  private func make(_ goal: String, _ target: String, _ settings: String...) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      ["make", "-s", "-C", root.path + "/Firmware", goal, "TARGET=\(target)"] + settings
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }

  @Test("Outputs are spread, so that a wrong sum shows")
  func spread() throws {
    var counts = [Int](repeating: 0, count: 256)
    for seed in Self.seeds.prefix(500) {
      let model = try HostModel(RandomOp.file(seed: seed))
      for value in model.run(RandomOp.picture(of: model, seed: seed)) {
        counts[Int(value) + 128] += 1
      }
    }
    let total = counts.reduce(0, +)
    #expect(counts.allSatisfy { $0 > 0 })
    #expect(counts[0] + counts[255] < total / 2)
  }

  @Test(
    "A file with any byte of its records changed is refused or runs",
    arguments: [WeightLayout.blocks, .sixteens, .fours], [Encoding.raw] + packed)
  func fuzz(layout: WeightLayout, encoding: Encoding) throws {
    var accepted = 0
    for seed in 0..<40 as Range<UInt64> {
      let model = try HostModel(RandomOp.file(seed: seed, encoding: encoding))
      let file = model.relaid(to: layout)
      let records =
        ModelBytes.offset(
          ofRecord: 0, 0)..<ModelBytes.offset(
          ofRecord: model.records.count, 0)
      for offset in records {
        for change in [1, 0x10, 0x80] as [UInt8] {
          var damaged = file
          damaged[offset] ^= change
          guard let changed = try? HostModel(ModelBytes.resealed(damaged)),
            changed.inputCount <= 1 << 20
          else { continue }
          _ = changed.run([Int8](repeating: 3, count: changed.inputCount))
          accepted += 1
        }
      }
    }
    #expect(accepted > 100)
  }
}
