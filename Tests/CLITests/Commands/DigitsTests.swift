import Foundation
import Testing

@testable import CLI

/// The model that ships.
@Suite("Models/digits.thimble") struct DigitsTests {
  static let model = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Models/digits.thimble").path
  static let hasData = ProcessInfo.processInfo.environment["THIMBLE_DATA"] != nil

  @Test func `is small and tells a seven`() throws {
    let folder = try TemporaryFolder()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: Self.model))
    #expect(bytes.count <= 10_240)
    // A seven of two strokes, dark on white, on a larger sheet.
    var pixels = [UInt8](repeating: 255, count: 56 * 56)
    for step in 0..<400 {
      let share = Double(step) / 400
      let places = [(14.0, 16 + 24 * share), (14 + 30 * share, 40 - 14 * share)]
      for (y, x) in places {
        for dy in -2...2 { for dx in -2...2 { pixels[(Int(y) + dy) * 56 + Int(x) + dx] = 0 } }
      }
    }
    let picture = Picture(shape: .init(height: 56, width: 56, channels: 1), pixels: pixels)
    let path = try folder.write(PNGFormat.encode(picture), to: "seven.png")
    let outcome = try BuiltTool.run(["run", Self.model, path, "--json"])
    #expect(outcome.status == 0, "\(outcome.error)")
    let results = try outcome.json()["results"] as? [[String: Any]]
    #expect(results?.first?["label"] as? String == "7")
  }

  @Test(.enabled(if: hasData, "skipped: THIMBLE_DATA is not set"))
  func `scores what it promises on MNIST's test set`() throws {
    let outcome = try BuiltTool.run(["evaluate", Self.model, "--json"])
    #expect(outcome.status == 0, "\(outcome.error)")
    let json = try outcome.json()
    #expect(json["images"] as? Int == 10_000)
    #expect(json["accuracy"] as? Double ?? 0 >= 0.9945)
  }

  @Test(
    .enabled(
      if: hasData && FirmwareCommandTests.hasEmulators,
      "skipped: THIMBLE_DATA is not set, or an emulator or a cross compiler is missing"),
    arguments: ["cortex-m4", "rpi-zero", "linux-arm64"])
  func `gives the host's bytes on MNIST`(target: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try BuiltTool.run([
      "firmware", Self.model, "--target", target, "--run", "--count", "100", "--output",
      folder["out"], "--json",
    ])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.json()["mismatches"] as? Int == 0)
  }
}
