import Testing
import Train

@testable import Search

@Suite("successive halving") struct HalvingTests {
  @Test(arguments: [
    (27, 1, 3, [1, 3, 9, 27]), (20, 1, 3, [2, 6, 20]), (20, 3, 3, [6, 20]), (5, 5, 2, [5]),
    (1, 1, 2, [1]), (8, 1, 4, [2, 8]),
  ])
  func `rungs end with the epochs asked for`(
    epochs: Int, minimum: Int, eta: Int, rungs: [Int]
  ) {
    #expect(Halving(epochs: epochs, minimum: minimum, eta: eta).rungs == rungs)
  }

  /// Runs a search to the end; what a trial is worth follows from `correct`.
  private func run(
    _ halving: Halving, trials: Int, failing: Set<Int> = [], correct: (Int, Int) -> Int
  ) -> (scores: [[Score]], order: [Halving.Promotion]) {
    var scores = [[Score]](repeating: [], count: halving.rungs.count)
    var failed: Set<Int> = []
    var order: [Halving.Promotion] = []
    var sampled = 0
    while true {
      let isComplete = sampled == trials
      let promotion = halving.promotion(scores: scores, failed: failed, isComplete: isComplete)
      // The order in which scores are listed is nobody's business.
      #expect(
        halving.promotion(
          scores: scores.map { $0.reversed() }, failed: failed, isComplete: isComplete)
          == promotion)
      if let promotion {
        order.append(promotion)
        if failing.contains(promotion.trial) {
          failed.insert(promotion.trial)
        } else {
          scores[promotion.rung].append(
            Score(
              trial: promotion.trial, correct: correct(promotion.trial, promotion.rung),
              fileBytes: 100))
        }
      } else if !isComplete {
        sampled += 1
        scores[0].append(Score(trial: sampled, correct: correct(sampled, 0), fileBytes: 100))
      } else {
        return (scores, order)
      }
    }
  }

  @Test(arguments: 1...20) func `the best of each rung have gone up in the end`(seed: UInt64) {
    let halving = Halving(epochs: 27, minimum: 1, eta: 3)
    let (scores, order) = run(halving, trials: 81) { trial, rung in
      var random = SplitMix(seed: seed, trial, rung)
      return random.below(50)
    }
    #expect(Set(order).count == order.count)
    for rung in 0..<3 {
      let best = scores[rung].sorted(by: >).prefix(scores[rung].count / 3).map(\.trial)
      #expect(Set(scores[rung + 1].map(\.trial)).isSuperset(of: best))
      // Nobody skips a rung.
      #expect(Set(scores[rung].map(\.trial)).isSuperset(of: scores[rung + 1].map(\.trial)))
    }
    #expect(scores[0].count == 81)
    #expect(!scores[3].isEmpty)
  }

  @Test func `where early results tell the truth it is the synchronous form`() {
    let halving = Halving(epochs: 9, minimum: 1, eta: 3)
    // The best come first, so that nobody goes up too early.
    let (scores, _) = run(halving, trials: 27) { trial, _ in 100 - trial }
    #expect(scores[1].map(\.trial).sorted() == Array(1...9))
    #expect(scores[2].map(\.trial).sorted() == Array(1...3))
  }

  @Test func `goes up before others are drawn`() {
    let halving = Halving(epochs: 9, minimum: 1, eta: 3)
    let scores = [[5, 9, 7].enumerated().map { Score(trial: $0 + 1, correct: $1, fileBytes: 1) }]
    #expect(
      halving.promotion(scores: scores + [[], []], isComplete: false)
        == Halving.Promotion(trial: 2, rung: 1))
  }

  @Test func `of equals the smaller file goes up, then the earlier trial`() {
    let halving = Halving(epochs: 3, minimum: 1, eta: 3)
    let scores = [(1, 300), (2, 200), (3, 200)].map { Score(trial: $0, correct: 9, fileBytes: $1) }
    #expect(halving.promotion(scores: [scores, []], isComplete: false)?.trial == 2)
  }

  @Test(arguments: 1...4) func `few trials, too, come to the last rung`(trials: Int) {
    let halving = Halving(epochs: 27, minimum: 1, eta: 3)
    let (scores, _) = run(halving, trials: trials) { trial, _ in trial }
    #expect(scores.allSatisfy { !$0.isEmpty })
  }

  @Test func `the next best goes up where the best fails`() {
    let halving = Halving(epochs: 9, minimum: 1, eta: 3)
    let (scores, order) = run(halving, trials: 2, failing: [2]) { trial, _ in trial }
    #expect(order.map(\.trial) == [2, 1, 1])
    #expect(scores[2].map(\.trial) == [1])
  }

  @Test func `ends where all fail`() {
    let halving = Halving(epochs: 9, minimum: 1, eta: 3)
    let (_, order) = run(halving, trials: 5, failing: Set(1...5)) { trial, _ in trial }
    #expect(order.count == 5)
  }

  @Test func `shares have every trial once`() throws {
    for text in ["0/3", "4/3", "1", "1/0", "a/b", "1/2/3", ""] { #expect(Share(text) == nil) }
    let shares = try (1...3).map { try #require(Share("\($0)/3")) }
    #expect(shares.flatMap { $0.numbers(of: 10) }.sorted() == Array(1...10))
    #expect(Array(shares[1].numbers(of: 10)) == [2, 5, 8])
    #expect(shares[1].description == "2/3")
  }
}
