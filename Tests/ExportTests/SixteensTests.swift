import CTinyRuntime
import Testing
import Train

@testable import Export
@testable import TinyRuntime

/// Rows in layout `sixteens` against the plain kernels, with windows larger than what its kernel keeps on the stack.
@Suite struct SixteensTests {
  private static let count = 3000

  @Test("Rows of convolutions and folded pools of random shapes")
  func rows() {
    for seed in 0..<UInt64(Self.count) {
      let row = RandomRow(seed: seed)
      let made = row.made()
      let isEqual = made.output == row.plain()
      #expect(isEqual && made.isInBounds, "seed \(seed): \(row.record) of \(row.input)")
    }
  }

  @Test("The portable twin of rows is what this processor runs, or the same")
  func portable() {
    for seed in 0..<UInt64(Self.count / 4) {
      let row = RandomRow(seed: seed)
      let isEqual = row.madePortably() == row.plain()
      #expect(isEqual, "seed \(seed): \(row.record) of \(row.input)")
    }
  }

  @Test("Dense layers of random shapes, row by row")
  func dense() {
    for seed in 0..<UInt64(Self.count) {
      var random = SplitMix(seed: seed)
      let channels = Int.random(in: 1...50, using: &random)
      let rowCount = Int.random(in: 1...6, using: &random)
      let run = Int.random(in: 1...200, using: &random)
      let inputs = (0..<rowCount * run).map { _ in Int8(truncatingIfNeeded: random.next()) }
      let weights = (0..<channels * rowCount * run).map { _ in
        Int8(truncatingIfNeeded: random.next())
      }
      let biases = (0..<channels).map { _ in Int32.random(in: -99999...99999, using: &random) }
      let laidOut = WeightLayout.sixteens.order(
        weights, channels: channels, rows: rowCount, runLength: run)
      var plain = biases
      var sums = biases + [7]
      var portable = biases + [7]
      for row in 0..<rowCount {
        // An array of its own, so that a kernel that reads past it is seen by a sanitizer.
        let values = Array(inputs[row * run..<(row + 1) * run])
        values.withUnsafeBytes { values in
          weights.withUnsafeBytes { weights in
            plain.withUnsafeMutableBytes { plain in
              denseAccumulate(
                Bytes(values.baseAddress!, count: run), count: run,
                weights: Bytes(weights.baseAddress! + row * run, count: weights.count - row * run),
                stride: rowCount * run,
                into: MutableBytes(plain.baseAddress!, count: plain.count), outputs: channels)
            }
          }
          laidOut.withUnsafeBytes { weights in
            sums.withUnsafeMutableBytes { sums in
              sixteensDenseAccumulate(
                Bytes(values.baseAddress!, count: values.count), byteCount: run, index: row,
                of: rowCount,
                weights: Bytes(weights.baseAddress!, count: weights.count),
                into: MutableBytes(sums.baseAddress!, count: sums.count),
                count: channels)
            }
            portable.withUnsafeMutableBytes { portable in
              thimble_sixteens_dense_portable(
                UInt(bitPattern: values.baseAddress), UInt(run), UInt(row), UInt(rowCount),
                UInt(bitPattern: weights.baseAddress), UInt(bitPattern: portable.baseAddress),
                UInt(channels))
            }
          }
        }
      }
      let (expected, isPortableEqual) = (plain + [7], portable == plain + [7])
      #expect(
        sums == expected && isPortableEqual,
        "seed \(seed): \(rowCount) rows of \(run) to \(channels)")
    }
  }
}
