import Foundation
import Network

extension CodeLengths {
  /// Fewer weights don't earn the code tables that a DEFLATE stream has to begin with.
  private static let leastCount = 128

  /// What the weights of a node take in a DEFLATE stream: all together as much as they do, each in proportion to Shannon's
  /// bound for two simple statistics of them, the share of zeros, and how fast the others become rarer away from 0, as if by
  /// a geometric distribution.
  ///
  /// - Returns: nil for a node with too few weights to be compressed.
  init?(_ node: QuantizedNetwork.Node) {
    guard node.weights.count >= Self.leastCount else { return nil }
    let numbers = node.weights.map { Int($0) >> node.record.weightShift }
    let others = numbers.count { $0 != 0 }
    let magnitudes = numbers.reduce(0) { $0 + abs($1) }
    // Half a case of each kind more than there are (R. Krichevsky and V. Trofimov 1981), so that none is impossible.
    let other = (Double(others) + 0.5) / Double(numbers.count + 1)
    let further = (Double(magnitudes - others) + 0.5) / Double(magnitudes + 1)
    let zero = -log2(1 - other)
    // A bit for the sign.
    let one = -log2(other) + 1 - log2(1 - further)
    let bound = CodeLengths(zero: zero, one: max(one, zero), step: -log2(further))
    let bits = numbers.reduce(0) { $0 + bound.bits(of: Double($1)) }
    let share = 8 * Double(Deflate.compressed(node.weights).count) / bits
    self.init(zero: share * bound.zero, one: share * bound.one, step: share * bound.step)
  }
}
