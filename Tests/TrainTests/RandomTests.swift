import Testing

@testable import Train

@Suite struct RandomTests {
  @Test(
    "the beta distribution has its mean, its variance and its ends",
    arguments: [0.05, 0.2, 0.5, 1])
  func beta(parameter: Float) {
    var random = SplitMix(seed: 4)
    let count = 40_000
    let values = (0..<count).map { _ in Double(random.beta(parameter)) }
    #expect(values.allSatisfy { $0 >= 0 && $0 <= 1 })
    let mean = values.reduce(0, +) / Double(count)
    let variance = values.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / Double(count)
    #expect(abs(mean - 0.5) < 0.01)
    // a * b / ((a + b) ^ 2 * (a + b + 1)) for a = b.
    #expect(abs(variance - 1 / (4 * (2 * Double(parameter) + 1))) < 0.003)
    if parameter == 0.5 {
      // The arcsine distribution: a third of it is below a quarter.
      let low = Double(values.filter { $0 < 0.25 }.count) / Double(count)
      #expect(abs(low - 1.0 / 3) < 0.01)
    }
  }
}
