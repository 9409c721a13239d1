import Export
import Foundation
import Testing
import TinyRuntime

/// Every family of kernels against the plain ones, one op at a time.
@Suite struct KernelConformanceTests {
  /// Seeds that a run tries; those of a failure are printed.
  static let seeds: Range<UInt64> = 0..<4000

  @Test("Each layout gives the plain kernels' outputs on every shape")
  func equalsPlain() throws {
    var laidOut: [WeightLayout: Set<OpCode>] = [:]
    for seed in Self.seeds {
      let plain = try #require(try? HostModel(RandomOp.file(seed: seed)), "seed \(seed)")
      let picture = RandomOp.picture(of: plain, seed: seed)
      let expected = plain.run(picture)
      for layout in WeightLayout.allCases {
        let model = try HostModel(plain.relaid(to: layout))
        let output = model.run(picture)
        #expect(output == expected, "seed \(seed), \(layout), \(plain.records)")
        for record in model.records where record.isLaidOut {
          laidOut[layout, default: []].insert(record.op)
        }
      }
    }
    #expect(laidOut[.pairs] == [.conv2D] && laidOut[.eights] == [.conv2D])
    #expect(laidOut[.blocks] == [.conv2D, .depthwiseConv2D, .dense])
  }

  @Test("Outputs are spread, so that a wrong sum shows")
  func spread() throws {
    var counts = [Int](repeating: 0, count: 256)
    for seed in Self.seeds.prefix(500) {
      let model = try HostModel(RandomOp.file(seed: seed))
      for value in model.run(RandomOp.picture(of: model, seed: seed)) {
        counts[Int(value) + 128] += 1
      }
    }
    let total = counts.reduce(0, +)
    #expect(counts.allSatisfy { $0 > 0 })
    #expect(counts[0] + counts[255] < total / 2)
  }

  @Test("A file in blocks with any byte of its records changed is refused or runs")
  func fuzz() throws {
    var accepted = 0
    for seed in 0..<40 as Range<UInt64> {
      let model = try HostModel(RandomOp.file(seed: seed))
      let file = model.relaid(to: .blocks)
      let records = ModelBytes.offset(ofRecord: 0, 0)..<ModelBytes.offset(
        ofRecord: model.records.count, 0)
      for offset in records {
        for change in [1, 0x10, 0x80] as [UInt8] {
          var damaged = file
          damaged[offset] ^= change
          guard let changed = try? HostModel(ModelBytes.resealed(damaged)),
            changed.inputCount <= 1 << 20
          else { continue }
          _ = changed.run([Int8](repeating: 3, count: changed.inputCount))
          accepted += 1
        }
      }
    }
    #expect(accepted > 100)
  }
}
