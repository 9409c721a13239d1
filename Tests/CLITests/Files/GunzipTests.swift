import Foundation
import Testing

@testable import CLI

@Suite("Gunzip")
struct GunzipTests {
  @Test(arguments: [0, 1, 1000, 1 << 18, (1 << 18) + 1, 1 << 20])
  func `what was packed comes out`(count: Int) throws {
    let zeros = Data(count: count)
    #expect(try Gunzip.unpacked(Gzip.packed(zeros)) == zeros)
    var state: UInt32 = 1
    let noise = Data(
      (0..<count).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(state >> 24)
      })
    #expect(try Gunzip.unpacked(Gzip.packed(noise)) == noise)
  }

  @Test func `members one after another are one file`() throws {
    let two = Gzip.packed(Data("one ".utf8)) + Gzip.packed(Data("two".utf8))
    #expect(try Gunzip.unpacked(two) == Data("one two".utf8))
  }

  @Test func `a file cut short anywhere is refused`() {
    let packed = Gzip.packed(Data("some bytes that are packed, some bytes twice".utf8))
    for length in 0..<packed.count {
      let error: GunzipError = length < 2 ? .notGzip : .truncated(byteCount: length)
      #expect(throws: error) { try Gunzip.unpacked(packed.prefix(length)) }
    }
  }

  @Test func `a changed bit never gives other bytes`() throws {
    let bytes = Data((0..<200).map { UInt8($0) })
    let packed = Gzip.packed(bytes)
    var refused = 0
    for position in 10..<packed.count {
      for bit in 0..<8 {
        var damaged = packed
        damaged[position] ^= 1 << bit
        // The last byte of the data may end in bits that mean nothing.
        guard let result = try? Gunzip.unpacked(damaged) else {
          refused += 1
          continue
        }
        #expect(result == bytes)
      }
    }
    #expect(refused > (packed.count - 10) * 8 - 8)
  }

  @Test func `what follows the last member is refused`() {
    let packed = Gzip.packed(Data("x".utf8))
    #expect(throws: GunzipError.self) { try Gunzip.unpacked(packed + Data("garbage here".utf8)) }
    #expect(throws: GunzipError.truncated(byteCount: packed.count + 1)) {
      try Gunzip.unpacked(packed + [0x1f])
    }
  }

  @Test func `a few bytes that unpack to too many are refused`() {
    let bomb = Gzip.packed(Data(count: 1 << 21))
    #expect(throws: GunzipError.tooLarge(limit: 1 << 20)) {
      try Gunzip.unpacked(bomb, byteLimit: 1 << 20)
    }
  }
}
