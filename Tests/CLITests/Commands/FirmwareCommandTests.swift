import Foundation
import Testing

@testable import CLI

@Suite("firmware") struct FirmwareCommandTests {
  static let hasEmulators = [
    "qemu-system-arm", "arm-none-eabi-gcc", "qemu-aarch64", "aarch64-linux-gnu-gcc",
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

  @Test(
    .enabled(if: hasEmulators, "skipped: an emulator or a cross compiler is missing"),
    arguments: ["cortex-m4", "rpi-zero", "linux-arm64"])
  func `gives the host's bytes`(target: String) throws {
    let shop = try Workshop()
    let outcome = try BuiltTool.run([
      "firmware", shop.model(), "--target", target, "--run", "--pictures", shop.data, "--count",
      "20",
      "--output", shop.folder["out"], "--json",
    ])
    #expect(outcome.status == 0, "\(outcome.error)")
    let json = try outcome.json()
    for key in ["flash_bytes", "ram_bytes", "instructions"] {
      #expect(json[key] as? Int ?? 0 > 500, "\(key)")
    }
    #expect(json["target"] as? String == target)
    #expect(json["pictures"] as? Int == 20)
    #expect(json["mismatches"] as? Int == 0)
  }
}
