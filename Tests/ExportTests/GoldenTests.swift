import Export
import Foundation
import Testing

@Suite struct GoldenTests {
  /// A model file of the first version with every op, its input and the output it gave when it was made.
  private func golden(_ name: String) throws -> [UInt8] {
    let folder = try #require(Bundle.module.url(forResource: "Golden", withExtension: nil))
    return [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  @Test(
    "A stored file gives the bytes it always gave",
    arguments: [
      ("v1-raw", "v1"), ("v1-deflate", "v1"), ("v1-int4", "v1-int4"), ("v1-int2", "v1-int2"),
      ("v1-ternary", "v1-ternary"),
    ])
  func stored(name: String, output: String) throws {
    let model = try HostModel(golden("\(name).thimble"))
    let input = try golden("v1.input").map { Int8(bitPattern: $0) }
    let expected = try golden("\(output).output").map { Int8(bitPattern: $0) }
    #expect(model.run(input) == expected)
  }
}
