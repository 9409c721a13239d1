/// Places edges so that they end as low as possible.
///
/// In the best placement, pushed down as far as it goes, each edge lies at the bottom or at the end of a distance that is forbidden to
/// it and another edge; and from each, such others lead down to the bottom. So an edge after another is placed at one of
/// finitely many places. The exact search tries them all; the heuristic takes the lowest, for several orders of
/// the edges, and moves edges in the order as long as that helps.
struct Placement {
  private let conflicts: Conflicts
  /// The edges that have a buffer.
  private let edges: [Int]
  /// Where each edge begins, in words.
  private(set) var offsets: [Int]
  /// Where the last one ends.
  private(set) var end = Int.max
  private var sum = Int.max

  /// How hard to search.
  enum Effort {
    /// A few orders.
    case quick
    /// Orders improved by moves; the exact search where there are few edges.
    case thorough
  }

  /// Searches for a placement that ends below `limit`.
  init(_ conflicts: Conflicts, below limit: Int = .max, _ effort: Effort) {
    self.conflicts = conflicts
    edges = conflicts.sizes.indices.filter { conflicts.sizes[$0] > 0 }
    offsets = conflicts.sizes.map { _ in 0 }
    var orders = startOrders()
    for order in orders { consider(order, upTo: end) }
    guard effort == .thorough, end > conflicts.lowerBound else { return }
    if edges.count <= Self.exactLimit {
      searchExactly(below: limit)
    } else {
      for index in orders.indices { improve(&orders[index]) }
    }
  }

  /// The most edges that are placed exactly.
  static let exactLimit = 8
  /// The most places that the exact search looks at.
  private static let nodeLimit = 200_000

  /// By size, by how much else an edge is kept apart from, from the front and from the back.
  private func startOrders() -> [[Int]] {
    let sizes = conflicts.sizes
    let degrees = edges.map { edge in
      edges.reduce(0) { $0 + (conflicts.forbidden(edge, $1).isEmpty ? 0 : sizes[$1]) }
    }
    let degree = Dictionary(uniqueKeysWithValues: zip(edges, degrees))
    return [
      edges.sorted { (sizes[$1], $0) < (sizes[$0], $1) },
      edges.sorted { (degree[$1]!, $0) < (degree[$0]!, $1) },
      edges, edges.reversed(),
    ]
  }

  /// The free places for `edge` beside those placed, from the bottom: each the lowest of a gap; up to the first that is
  /// not below `limit`.
  private func places(for edge: Int, beside placed: [Int], _ offsets: [Int], below limit: Int)
    -> [Int]
  {
    var ranges: [ClosedRange<Int>] = []
    for other in placed {
      for range in conflicts.forbidden(other, edge) where offsets[other] + range.upperBound >= 0 {
        ranges.append(offsets[other] + range.lowerBound...offsets[other] + range.upperBound)
      }
    }
    ranges.sort { $0.lowerBound < $1.lowerBound }
    var places: [Int] = []
    var place = 0
    for range in ranges {
      if range.lowerBound > place { places.append(place) }
      place = max(place, range.upperBound + 1)
      if place >= limit { break }
    }
    return places + [place]
  }

  /// The lowest free place for `edge` beside those placed.
  private func lowestPlace(for edge: Int, beside placed: ArraySlice<Int>, _ offsets: [Int]) -> Int {
    var place = 0
    while true {
      let before = place
      for other in placed {
        place = offsets[other] + conflicts.allowed(from: place - offsets[other], other, edge)
      }
      if place == before { return place }
    }
  }

  /// Places edges in an order, each as low as it goes, and keeps the result if it is the best.
  /// - Returns: where the last one ends, and the sum of all ends; the largest of numbers where one ends above `limit`.
  @discardableResult
  private mutating func consider(_ order: [Int], upTo limit: Int = .max) -> (end: Int, sum: Int) {
    var offsets = self.offsets
    var end = 0
    var sum = 0
    for (count, edge) in order.enumerated() {
      offsets[edge] = lowestPlace(for: edge, beside: order[..<count], offsets)
      end = max(end, offsets[edge] + conflicts.sizes[edge])
      guard end <= limit else { return (.max, .max) }
      sum += offsets[edge] + conflicts.sizes[edge]
    }
    if (end, sum) < (self.end, self.sum) {
      (self.offsets, self.end, self.sum) = (offsets, end, sum)
    }
    return (end, sum)
  }

  /// Moves one edge at a time to another place in the order, as long as that helps.
  private mutating func improve(_ order: inout [Int]) {
    var best = consider(order)
    // Large graphs take long for an order; they get fewer.
    var left = max(200, 400_000 / (order.count * order.count))
    var helps = true
    while helps, left > 0, end > conflicts.lowerBound {
      helps = false
      for from in order.indices {
        for to in order.indices where to != from && left > 0 {
          var changed = order
          changed.insert(changed.remove(at: from), at: to)
          left -= 1
          let result = consider(changed, upTo: best.end)
          if result < best {
            (order, best, helps) = (changed, result, true)
          }
        }
      }
    }
  }

  /// Tries every edge at every free place after every other.
  private mutating func searchExactly(below limit: Int) {
    var seen: Set<[Int]> = []
    var offsets = [Int](repeating: -1, count: conflicts.sizes.count)
    var placed: [Int] = []
    var nodes = 0
    func search(_ best: inout Placement) {
      if placed.count == edges.count {
        let ends = edges.map { offsets[$0] + conflicts.sizes[$0] }
        best.offsets = offsets.map { max($0, 0) }
        best.end = ends.max() ?? 0
        return
      }
      nodes += 1
      guard nodes <= Self.nodeLimit, seen.insert(offsets).inserted else { return }
      let most = min(best.end, limit)
      let choices = edges.filter { offsets[$0] < 0 }.map { edge in
        (edge, places(for: edge, beside: placed, offsets, below: most - conflicts.sizes[edge]))
      }
      // What has no place now has none later.
      guard choices.allSatisfy({ $1[0] + conflicts.sizes[$0] < most }) else { return }
      for (edge, places) in choices {
        for place in places {
          guard place + conflicts.sizes[edge] < min(best.end, limit) else { break }
          offsets[edge] = place
          placed.append(edge)
          search(&best)
          placed.removeLast()
          offsets[edge] = -1
          guard best.end > conflicts.lowerBound else { return }
        }
      }
    }
    var best = self
    search(&best)
    self = best
  }
}
