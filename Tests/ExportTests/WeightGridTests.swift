import Network
import Testing
import TinyRuntime
import Train

@testable import Export

@Suite struct WeightGridTests {
  private static let packed: [WeightGrid] = [.int4, .int2, .ternary]

  private func squaredError(_ weights: [Double], _ made: (scale: Double, numbers: [Int])) -> Double
  {
    zip(weights, made.numbers).reduce(0) { sum, pair in
      let error = pair.0 - made.scale * Double(pair.1)
      return sum + error * error
    }
  }

  private func draw(_ count: Int, seed: UInt64) -> [Double] {
    var random = SplitMix(seed: seed)
    return (0..<count).map { _ in
      (0..<4).reduce(0.0) { sum, _ in sum + Double.random(in: -1...1, using: &random) }
    }
  }

  @Test("Weights that are on the grid come back exactly", arguments: packed)
  func onGrid(grid: WeightGrid) {
    for seed in 0..<50 as Range<UInt64> {
      var random = SplitMix(seed: seed)
      var numbers = (0..<30).map { _ in Int.random(in: grid.range, using: &random) }
      // Two bits have no 2: of a channel without one, half the scale would do as well.
      numbers[0] = grid.range.lowerBound
      let scale = Double.random(in: 0.001...3, using: &random)
      let made = grid.quantized(numbers.map { Double($0) * scale })
      #expect(made.numbers == numbers, "seed \(seed)")
      #expect(abs(made.scale / scale - 1) < 1e-12, "seed \(seed)")
    }
  }

  @Test("Ternary weights are close to the least squared error that any threshold leads to")
  func ternary() {
    for seed in 0..<50 as Range<UInt64> {
      let weights = draw(40, seed: seed)
      let magnitudes = weights.map(abs).sorted(by: >)
      let total = weights.reduce(0) { $0 + $1 * $1 }
      var least = total
      var sum = 0.0
      for (index, magnitude) in magnitudes.enumerated() {
        sum += magnitude
        least = min(least, total - sum * sum / Double(index + 1))
      }
      let made = squaredError(weights, WeightGrid.ternary.quantized(weights))
      #expect(made >= least - 1e-9 && made <= least * 1.02, "seed \(seed): \(made), \(least)")
    }
  }

  @Test("Numbers stay in range, and more of them lose less")
  func ranges() {
    for seed in 0..<50 as Range<UInt64> {
      let weights = draw(100, seed: seed)
      let errors = [WeightGrid.int8, .int4, .int2, .ternary].map { grid in
        let made = grid.quantized(weights)
        #expect(made.numbers.allSatisfy(grid.range.contains) && made.scale > 0, "seed \(seed)")
        return squaredError(weights, made)
      }
      #expect(errors == errors.sorted(), "seed \(seed)")
    }
  }

  @Test("A channel of zeros stays zero", arguments: WeightGrid.allCases)
  func zeros(grid: WeightGrid) {
    let made = grid.quantized([0, 0, 0])
    #expect(made.numbers == [0, 0, 0] && made.scale == 0)
  }

  @Test("A channel of zeros takes the largest scale of the others")
  func filled() {
    #expect(WeightGrid.filled([0, 0.5, 0.25, 0]) == [0.5, 0.5, 0.25, 0.5])
    #expect(WeightGrid.filled([0, 0]) == [1, 1])
  }

  @Test("What is packed comes back, and every other byte is refused", arguments: packed)
  func codes(grid: WeightGrid) {
    let groups = PackedGroups(grid.encoding.rawValue)
    var random = SplitMix(seed: 5)
    var bytes: Set<UInt8> = []
    for count in 1...300 {
      for shift in groups.shifts {
        let weights = (0..<count).map { _ in
          Int8(Int.random(in: grid.range, using: &random) << shift)
        }
        let stored = groups.packed(weights, shift: shift)
        #expect(stored.count == groups.storedByteCount(of: count))
        #expect(groups.unpacked(stored[...], count: count, shift: shift) == weights)
        bytes.formUnion(stored)
      }
    }
    for byte in 0...255 as ClosedRange<UInt8> {
      for place in 0..<4 as Range<UInt32> {
        let word = UInt32(bytes.first!) &* 0x0101_0101
        let changed = word & ~(0xFF << (8 * place)) | UInt32(byte) << (8 * place)
        #expect(groups.allows(changed) == bytes.contains(byte), "byte \(byte)")
      }
    }
  }
}
