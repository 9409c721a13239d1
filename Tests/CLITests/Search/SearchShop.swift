import Foundation

/// A workshop with a space of networks that learn in an instant.
final class SearchShop {
  let shop: Workshop

  private static let space = """
    blocks = 0 .. 1
    block = conv, separable
    stem = 3
    width = 2 .. 6 step 2
    downsamplings = 1 .. 2
    batch = 40
    learning_rate = 0.01 .. 0.05 log
    average_decay = 0
    shift = 0
    rotation = 0

    """

  init() throws {
    shop = try Workshop()
    try shop.folder.write(Data(Self.space.utf8), to: "space.txt")
  }

  /// The arguments that search to `output`.
  func searching(_ output: String, _ more: [String] = []) -> [String] {
    [
      "search", "--data", shop.data, "--space", shop.folder["space.txt"], "--trials", "7",
      "--epochs", "6", "--output", shop.folder[output],
    ] + more
  }

  /// What a search left, without what depends on the clock and on where it lies.
  func outcome(_ output: String) throws -> NSDictionary {
    let shown = try BuiltTool.run(["search", "--show", "--output", shop.folder[output], "--json"])
    let text = shown.output.replacingOccurrences(of: shop.folder[output], with: "OUTPUT")
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    return object.filter { $0.key != "seconds" } as NSDictionary
  }
}
