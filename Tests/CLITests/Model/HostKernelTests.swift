import Export
import Foundation
import Testing
import TinyRuntime
import Train

@testable import CLI

/// What hosts run against the plain kernels, on real pictures.
@Suite struct HostKernelTests {
  /// The model file of a preset with seeded weights, or the one that ships.
  private func file(_ name: String, _ folder: borrowing TemporaryFolder) throws -> [UInt8] {
    if name == "digits" {
      return [UInt8](try Data(contentsOf: URL(fileURLWithPath: DigitsTests.model)))
    }
    let checkpoint = folder["\(name).safetensors"]
    let model = folder["\(name).thimble"]
    for command in [
      ["train", "--network", name, "--epochs", "0", "--output", checkpoint],
      ["export", checkpoint, "--output", model],
    ] {
      let outcome = try BuiltTool.run(command)
      #expect(outcome.status == 0, "\(outcome.error)")
    }
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: model)))
  }

  @Test(
    .enabled(if: DigitsTests.hasData, "skipped: THIMBLE_DATA is not set"),
    arguments: ["lenet", "reference", "digits"])
  func `give the plain kernels' bytes on all of MNIST's test set`(name: String) throws {
    let file = try file(name, TemporaryFolder())
    let plain = try HostModel(file, runsAsStored: true)
    var families = [("native", try HostModel(file))]
    // The twins of devices' instructions take longer than this machine's own.
    let layouts = name == "reference" ? [.sixteens] : WeightLayout.allCases.filter { $0 != .plain }
    for layout in layouts {
      families.append(("\(layout)", try HostModel(plain.relaid(to: layout))))
    }
    let source = DataSource(environment: ProcessInfo.processInfo.environment)
    let test = try DatasetLoader(cache: source.cache, shape: plain.inputShape)
      .load(.test, from: source.folder(option: nil))
    #expect(test.count == 10_000)
    var outputs: Set<[Int8]> = []
    var differing = Array(repeating: 0, count: families.count)
    for index in 0..<test.count {
      let pixels = test.withPicture(at: index) { Array($0) }
      let expected = plain.run(pixels: pixels)
      outputs.insert(expected)
      for (family, model) in families.enumerated() {
        differing[family] += zip(model.1.run(pixels: pixels), expected).count { $0 != $1 }
      }
    }
    for (family, count) in zip(families, differing) { #expect(count == 0, "\(family.0)") }
    // The pictures differ, and so does what is made of them.
    #expect(outputs.count > 1000)
  }
}
