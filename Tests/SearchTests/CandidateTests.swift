import Network
import Testing
import Train

@testable import Search

@Suite("candidates") struct CandidateTests {
  private static let shape = Shape(height: 28, width: 28, channels: 1)
  private static let space = SearchSpace(for: shape)

  private static func candidates(
    _ space: SearchSpace = space, seed: UInt64 = 7, count: Int = 200
  ) -> [Candidate] {
    (1...count).map {
      space.candidate($0, seed: seed, epochs: 9, input: shape, labelCount: 10)
    }
  }

  @Test func `follow from seed and number alone`() {
    let candidates = Self.candidates()
    for candidate in candidates.reversed() {
      #expect(
        Self.space.candidate(
          candidate.number, seed: 7, epochs: 9, input: Self.shape, labelCount: 10) == candidate)
    }
    #expect(Set(candidates.map(\.network)).count > 150)
    let others = Self.candidates(seed: 8)
    #expect(zip(candidates, others).allSatisfy { $0.recipe.learningRate != $1.recipe.learningRate })
  }

  @Test func `lie in the space, and reach all of it`() throws {
    var words: Set<String> = []
    var blocks: Set<Int> = []
    for candidate in Self.candidates() {
      #expect(candidate.recipe.epochs == 9)
      #expect((0.003...0.03).contains(candidate.recipe.learningRate))
      #expect(candidate.recipe.schedule == .cosine)
      // What rounding would cost is learned for.
      let grid = candidate.weights == .int8 ? nil : GridChoice(candidate.weights)
      #expect(candidate.recipe.quantize == grid)
      #expect(candidate.recipe.quantizeFrom == (grid == nil ? 0 : 0.7))
      #expect([0, 10].contains(candidate.recipe.augmentation.rotation))
      // Most fit; a picture may be too small for valid padding and many halvings.
      guard let network = try? Network(text: candidate.network) else { continue }
      #expect(network.output == Shape(height: 1, width: 1, channels: 10))
      words.formUnion(network.layers.map(\.operation.kind.keyword))
      let activations = network.layers.count { $0.operation.kind.keyword == "relu" }
      blocks.insert(activations)
      words.insert(candidate.weights.rawValue)
    }
    for word in ["conv", "depthwise", "add", "maxpool", "globalavgpool", "int8", "int4"] {
      #expect(words.contains(word), "\(word)")
    }
    #expect(blocks.count > 4)
  }

  @Test func `a key's values don't depend on those of others`() throws {
    let text = "mixup = 0 .. 0.5\nlearning_rate = 0.1, 0.2\nactivation = hardswish"
    let space = try SearchSpace(text: text, base: Self.space)
    for (one, other) in zip(Self.candidates(), Self.candidates(space)) {
      // A summary names an activation that isn't the usual one.
      #expect(one.summary + ", hardswish" == other.summary)
      #expect(one.weights == other.weights)
      #expect(one.recipe.augmentation == other.recipe.augmentation)
    }
  }

  @Test func `a single epoch is in float`() throws {
    let space = try SearchSpace(text: "weights = ternary", base: Self.space)
    for epochs in [1, 2] {
      let candidate = space.candidate(1, seed: 7, epochs: epochs, input: Self.shape, labelCount: 10)
      #expect((candidate.recipe.quantize == nil) == (epochs == 1))
    }
  }

  @Test(arguments: [(0.0, 0.0), (0.001, 0.001), (0.0123456, 0.0123457), (-3, 2), (5, 7000)])
  func `ranges of reals keep their ends and three digits`(first: Double, last: Double) throws {
    let range = ValueRange.real(first: first, last: last, isLogarithmic: first > 0)
    for seed in 1...200 {
      var random = SplitMix(seed: UInt64(seed))
      let value = try #require(Double(range.draw(&random)))
      #expect((first...last).contains(value))
    }
  }

  @Test func `whole numbers come in steps, each as often as another`() throws {
    let range = ValueRange.whole(first: 4, last: 11, step: 3)
    var counts: [String: Int] = [:]
    for seed in 1...3000 {
      var random = SplitMix(seed: UInt64(seed))
      counts[range.draw(&random), default: 0] += 1
    }
    #expect(Set(counts.keys) == ["4", "7", "10"])
    #expect(counts.values.allSatisfy { (900...1100).contains($0) })
  }

  @Test func `a network that halves more often than the picture allows is not one`() throws {
    let text = "padding = valid\ndownsamplings = 6\nblocks = 6\ndownsampling = maxpool"
    let space = try SearchSpace(text: text, base: Self.space)
    for candidate in Self.candidates(space, count: 5) {
      #expect(throws: NetworkTextError.self) { try Network(text: candidate.network) }
    }
  }
}
