/// The share of the trials that one of several runs has, which know nothing of each other: `2/4` has the trials 2, 6, 10, ...
public struct Share: Hashable, Sendable {
  /// From 1 to `count`.
  public let index: Int
  /// At least 1.
  public let count: Int

  /// All trials.
  public static let whole = Share(index: 1, count: 1)

  private init(index: Int, count: Int) {
    self.index = index
    self.count = count
  }

  /// Reads `I/N`; nil where it is none.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1], index >= 1, index <= count
    else { return nil }
    self.init(index: index, count: count)
  }

  /// The numbers of its trials among the first `total`.
  public func numbers(of total: Int) -> StrideThrough<Int> {
    stride(from: index, through: total, by: count)
  }
}

extension Share: CustomStringConvertible {
  /// As it is read.
  public var description: String { "\(index)/\(count)" }
}
