import Foundation
import Network
import Testing

@testable import Search

@Suite("search spaces") struct SpaceTests {
  static let base = SearchSpace(for: Shape(height: 28, width: 28, channels: 1))

  @Test(arguments: [
    Shape(height: 1, width: 1, channels: 1), Shape(height: 28, width: 28, channels: 1),
    Shape(height: 49, width: 10, channels: 1), Shape(height: 96, width: 96, channels: 3),
  ])
  func `the default space reads its own text back`(shape: Shape) throws {
    let space = SearchSpace(for: shape)
    #expect(try SearchSpace(text: space.text, base: Self.base) == space)
  }

  @Test func `keys left out keep the base's values, and recipes' keys may be added`() throws {
    let text = "width = 2 .. 8 step 2  # small\n\nmixup = 0.1 .. 0.3\nblock=conv,  separable\n"
    let space = try SearchSpace(text: text, base: Self.base)
    #expect(space.ranges["width"] == .whole(first: 2, last: 8, step: 2))
    #expect(space.ranges["mixup"] == .real(first: 0.1, last: 0.3, isLogarithmic: false))
    #expect(space.ranges["block"] == .choice(["conv", "separable"]))
    #expect(space.ranges["kernel"] == Self.base.ranges["kernel"])
    #expect(try SearchSpace(text: space.text, base: Self.base) == space)
  }

  @Test(arguments: [
    ("width", "space line 1: expected key = values, found 'width'"),
    ("\n# wide\nwdith = 3", "space line 3: unknown key 'wdith', did you mean 'width'?"),
    ("width = 3\nwidth = 4", "space line 2: width was given before"),
    ("width =", "space line 1: width has an empty choice"),
    ("width = 3,, 4", "space line 1: width has an empty choice"),
    ("width = .. 4", "space line 1: width has an empty choice"),
    ("width = 0", "space line 1: width takes a whole number in 1 ... 512, found '0'"),
    ("width = 8 .. 4", "space line 1: the range of width must be FIRST .. LAST"),
    ("width = 4 ..", "space line 1: the range of width must be FIRST .. LAST, found '4 ..'"),
    ("width = 4 .. 8 step 0", "space line 1: the range of width must be FIRST .. LAST"),
    ("width = 4 .. 8 log", "space line 1: the range of width must be FIRST .. LAST"),
    ("width = 4 .. 600", "space line 1: width takes a whole number in 1 ... 512, found '600'"),
    ("block = conv .. residual", "space line 1: block takes one of conv, separable, residual"),
    ("weights = int5", "space line 1: weights takes one of int8, int4, int2, ternary"),
    ("growth = 0 .. 2 log", "space line 1: growth takes a number in 1 ... 4, found '0'"),
    ("mixup = 0 .. 1 log", "space line 1: the range of mixup must be FIRST .. LAST"),
    ("learning_rate = nan", "space line 1: learning_rate takes a number above 0, found 'nan'"),
    ("schedule = cosinus", "space line 1: schedule takes one of constant, cosine, one-cycle"),
    ("quantize_from = 1", "space line 1: quantize_from takes a number in 0 ..< 1, found '1'"),
    (
      "quantize = int4", "space line 1: quantize is not searched for: weights says what they become"
    ),
    ("epochs = 3", "space line 1: epochs is not searched for: it follows from --epochs"),
    ("teacher = a", "space line 1: teacher is not searched for: a trial has no checkpoint"),
  ])
  func `says in which line what is wrong`(text: String, message: String) {
    let error = #expect(throws: SpaceError.self) {
      try SearchSpace(text: text, base: Self.base)
    }
    #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
  }

  @Test func `the page on search has every key of networks with its default`() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../docs/search.md").path
    let page = try String(contentsOfFile: path, encoding: .utf8)
    let tables = page.components(separatedBy: "| key |")
    try #require(tables.count == 2)
    let rows = tables[1].split(separator: "\n").filter { $0.hasPrefix("| `") }
    #expect(rows.count == SpaceKey.network.count)
    for (row, key) in zip(rows, SpaceKey.network) {
      let range = try #require(Self.base.ranges[key.name])
      #expect(row.hasPrefix("| `\(key.name)` | \(range) | \(key.expected) |"), "\(row)")
    }
    for key in SpaceKey.recipe {
      guard let range = Self.base.ranges[key.name] else { continue }
      #expect(page.contains("`\(key.name) = \(range)`"), "\(key.name)")
    }
  }
}
