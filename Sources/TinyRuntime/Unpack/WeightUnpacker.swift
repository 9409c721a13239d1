/// Unpacks weights of less than 8 bits, a tile at a time, into bytes as the kernels read them.
struct WeightUnpacker {
  private let stored: Bytes
  private let weights: TiledWeights
  private let room: MutableBytes
  /// Where the next weight is: its group, and its place there.
  private var group = 0
  private var place = 0

  /// An unpacker at the first weight.
  /// - Parameters:
  ///   - stored: groups, from a multiple of 4 on.
  ///   - weights: how they lie and how they are read.
  ///   - room: `PackedGroups.unpackedByteCount` of what is unpacked at a time, from a multiple of 4 on.
  @inline(always)
  init(_ stored: Bytes, _ weights: TiledWeights, room: MutableBytes) {
    self.stored = stored
    self.weights = weights
    self.room = room
  }

  /// Weights of a group.
  @inline(always)
  private var weightCount: Int { 4 &* weights.planes }

  /// Goes on by `count` weights.
  @inline(always)
  mutating func skip(_ count: Int) {
    group &+= count / weightCount
    place &+= count % weightCount
    if place >= weightCount {
      place &-= weightCount
      group &+= 1
    }
  }

  /// The next `count` weights, until others are unpacked.
  @inline(always)
  func unpacked(_ count: Int) -> Bytes {
    let from = stored.advanced(by: group &* PackedGroups.byteCount)
    let whole = (count &+ weightCount &- 1) / weightCount
    let groupCount = place &+ count > whole &* weightCount ? whole &+ 1 : whole
    if weights.planes == 5 {
      weights.unpackDigits(from, groupCount, into: room)
    } else {
      weights.unpackFields(from, groupCount, into: room)
    }
    return room.bytes.advanced(by: place)
  }
}

// Four codes at a time become weights.
extension TiledWeights {
  @inline(always)
  fileprivate func unpackFields(_ stored: Bytes, _ count: Int, into room: MutableBytes) {
    Self.unpackFields(stored, count, bits: planes == 2 ? 4 : 2, shift, addend, flip, into: room)
  }

  @inline(always)
  fileprivate func unpackDigits(_ stored: Bytes, _ count: Int, into room: MutableBytes) {
    Self.unpackDigits(stored, count, shift, addend, flip, into: room)
  }

  @inline(never)
  private static func unpackFields(
    _ stored: Bytes, _ count: Int, bits: UInt32, _ shift: UInt32, _ addend: UInt32, _ flip: UInt32,
    into room: MutableBytes
  ) {
    let mask: UInt32 = (bits == 4 ? 0x0F0F_0F0F : 0x0303_0303) &<< shift
    var written = 0
    for index in 0..<count {
      // The fields of a plane come to lie under the mask by rotating, their shift included.
      var word = UInt32(bitPattern: stored.int32(index)).rotated(left: shift)
      var left: UInt32 = 8
      while left > 0 {
        room.setInt32(written, Int32(bitPattern: (word & mask) &+ addend ^ flip))
        word = word.rotated(left: 32 &- bits)
        written &+= 1
        left &-= bits
      }
    }
  }

  @inline(never)
  private static func unpackDigits(
    _ stored: Bytes, _ count: Int, _ shift: UInt32, _ addend: UInt32, _ flip: UInt32,
    into room: MutableBytes
  ) {
    let mask: UInt32 = 0x0003_0003 &<< shift
    var written = 0
    for index in 0..<count {
      let word = UInt32(bitPattern: stored.int32(index))
      // Two bytes in half words each, which have room for three times as much.
      var even = word & 0x00FF_00FF
      var odd = word &>> 8 & 0x00FF_00FF
      for _ in 0..<5 {
        even = even &* 3
        odd = odd &* 3
        let codes = even &>> (8 &- shift) & mask | odd &<< shift & mask &<< 8
        room.setInt32(written, Int32(bitPattern: codes &+ addend ^ flip))
        even &= 0x00FF_00FF
        odd &= 0x00FF_00FF
        written &+= 1
      }
    }
  }
}

extension UInt32 {
  /// For counts of 0 to 32.
  @inline(always)
  fileprivate func rotated(left count: UInt32) -> UInt32 {
    self &<< count | self &>> (32 &- count)
  }
}
