import Testing
import Train

@testable import Search

@Suite("front and budget") struct FrontTests {
  /// Whether a point is beaten, by the definition: somebody is nowhere worse and somewhere better.
  private func isBeaten(_ point: FrontPoint, by points: [FrontPoint]) -> Bool {
    let worth = { (point: FrontPoint) in
      [point.score.correct, -point.score.fileBytes, -point.ramBytes]
    }
    return points.contains { other in
      zip(worth(other), worth(point)).allSatisfy { $0 >= $1 } && worth(other) != worth(point)
    }
  }

  @Test(arguments: 1...50) func `the front is what nobody beats`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    // Few values, so that there are many ties.
    let points = (1...(1 + random.below(60))).map { trial in
      FrontPoint(
        score: Score(trial: trial, correct: random.below(8), fileBytes: 1 + random.below(8)),
        ramBytes: 1 + random.below(6))
    }
    let front = ParetoFront(of: points)
    let unbeaten = points.filter { !isBeaten($0, by: points) }
    // Of those that are equal in all three, the first.
    let first = unbeaten.filter { point in
      !unbeaten.contains { other in
        other.score.trial < point.score.trial && other.score.correct == point.score.correct
          && other.score.fileBytes == point.score.fileBytes && other.ramBytes == point.ramBytes
      }
    }
    #expect(Set(front.points) == Set(first))
    #expect(front.points.map(\.score.fileBytes) == front.points.map(\.score.fileBytes).sorted())
    #expect(front.best?.score.correct == points.map(\.score.correct).max())
  }

  @Test func `without trials there is no front`() {
    #expect(ParetoFront(of: []).points.isEmpty)
    #expect(ParetoFront(of: []).best == nil)
  }

  @Test func `a budget names what is too much`() {
    let footprint = Footprint(fileBytes: 100, ramBytes: 50, macs: 1000)
    #expect(Budget().excess(of: footprint) == nil)
    #expect(Budget(fileBytes: 100, ramBytes: 50, macs: 1000).excess(of: footprint) == nil)
    #expect(
      Budget(fileBytes: 99).excess(of: footprint) == "100 bytes of model file, the budget is 99")
    #expect(Budget(ramBytes: 49).excess(of: footprint) == "50 bytes of RAM, the budget is 49")
    #expect(Budget(macs: 999).excess(of: footprint) == "1000 MACs, the budget is 999")
  }
}
