/// Which of many units go first, over layers of different sizes and scales: layer-adaptive magnitude-based pruning (J. Lee,
/// S. Park et al. 2021, arXiv:2010.07611, equation 3).
///
/// A unit counts as much as its square among the squares of those in its layer that are not smaller. So the largest of each
/// layer counts 1: a layer loses its last unit only when all have.
enum LayerAdaptiveMagnitude {
  /// The units that go when so many do.
  /// - Parameters:
  ///   - count: how many go.
  ///   - squares: of each layer's units, one layer after another; a unit's number counts through all of them.
  /// - Returns: their numbers, the least first; equals go in their order.
  static func smallest(_ count: Int, ofLayers squares: [[Double]]) -> [Int] {
    var scores: [Double] = []
    for squares in squares {
      let first = scores.count
      scores += squares
      var sum = 0.0
      for unit in squares.indices.sorted(by: { (squares[$0], $0) > (squares[$1], $1) }) {
        sum += squares[unit]
        scores[first + unit] = sum > 0 ? squares[unit] / sum : 0
      }
    }
    return Array(
      scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }.prefix(count))
  }
}
