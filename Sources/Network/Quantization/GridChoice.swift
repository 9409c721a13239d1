/// What weights are to become: one grid for all layers, and layers with another.
///
/// As text `int4`, or `int4 conv1:int8 dense1:int8`.
public struct GridChoice: Hashable, Sendable {
  /// Of the layers that are not exceptions.
  public var grid: WeightGrid
  /// By the layers' names.
  public var exceptions: [String: WeightGrid]

  /// Creates a choice.
  public init(_ grid: WeightGrid, exceptions: [String: WeightGrid] = [:]) {
    self.grid = grid
    self.exceptions = exceptions
  }

  /// Reads a choice; nil where a grid doesn't exist or a layer is there twice.
  public init?(text: String) {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard let first = words.first, let grid = WeightGrid(rawValue: String(first)) else {
      return nil
    }
    var exceptions: [String: WeightGrid] = [:]
    for word in words.dropFirst() {
      let parts = word.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, let other = WeightGrid(rawValue: String(parts[1])),
        exceptions.updateValue(other, forKey: String(parts[0])) == nil
      else { return nil }
    }
    self.init(grid, exceptions: exceptions)
  }

  /// The choice as text, exceptions in the order of their names.
  public var text: String {
    ([grid.rawValue]
      + exceptions.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.rawValue)" })
      .joined(separator: " ")
  }

  /// What the weights of a layer are to become.
  public func grid(of layer: String) -> WeightGrid { exceptions[layer] ?? grid }
}
