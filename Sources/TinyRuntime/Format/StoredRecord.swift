/// A record where it lies in the file: 28 bytes, which only this and `OpRecord.bytes` know. Nothing is decoded before it is
/// used, which takes a small processor less code and no stack.
///
///      0  dilation - 1 << 5 | code      14  (offset, continued)
///      1  rounding << 4 | laid out << 3 | encoding
///                                       16  kernel height
///      2  first input                   17  kernel width
///      3  second input, or groups       18  stride, or factors: vertical << 4 | horizontal
///      4  height      16 bits           19  padding of the window: top << 4 | left
///      6  width       16 bits           20  margin of the edge: top << 4 | bottom
///      8  channels    16 bits           21  margin of the edge: left << 4 | right
///     10  ring height 16 bits           22  zero point, signed
///     12  arena offset 32 bits          23  left shift, or weight shift << 5 | right shift
///                                       24  block offset 32 bits
///
/// An edge's rows lie in the arena as a ring of `ringHeight` rows of `rowByteCount` bytes. Rows and columns of margin hold the
/// zero point, so that a padded window reads them like any other. An accumulating edge has 4 bytes a channel
/// instead, and its int8 values come to lie at its start. A ring height of 0 says that the edge is never stored: the max pool in
/// the next record takes the convolution over.
struct StoredRecord: Record {
  /// The op's own record.
  private let own: Bytes
  /// The record of the edge it makes: its own, or that of the max pool which took it over.
  private let edge: Bytes

  private init(own: Bytes, edge: Bytes) {
    self.own = own
    self.edge = edge
  }

  /// Record `index` of a file long enough to hold it.
  @inline(always)
  init(_ index: Int, of file: Bytes) {
    own = file.advanced(
      by: ModelFormat.headerByteCount &+ index &* ModelFormat.recordByteCount)
    edge = own
  }

  /// What record `index` runs as: itself, or for a max pool of an edge that is never stored, the convolution before
  /// it with the pool's window around its own.
  @inline(never)
  init(step index: Int, of file: Bytes) {
    self.init(index, of: file)
    guard op == .maxPool2D else { return }
    let input = StoredRecord(input, of: file)
    if input.isFolded { self = input.pooled(by: self) }
  }

  /// This convolution as the max pool that reads it runs: see `OpRecord.pooled(by:)`.
  func pooled(by pool: StoredRecord) -> StoredRecord { StoredRecord(own: own, edge: pool.own) }

  /// The first byte: the code, known or not, and the dilation.
  @inline(always)
  var operation: Int { own.byte(at: 0) }

  private var isPooled: Bool { own.address != edge.address }

  @inline(always)
  var op: OpCode { OpCode(rawValue: UInt8(truncatingIfNeeded: operation & 31)) ?? .input }
  @inline(always)
  var dilation: Int { operation &>> 5 &+ 1 }
  @inline(always)
  var rounding: UInt8 { UInt8(truncatingIfNeeded: own.byte(at: 1) &>> 4) }
  @inline(always)
  var encoding: UInt8 { UInt8(truncatingIfNeeded: own.byte(at: 1) & 7) }
  @inline(always)
  var isLaidOut: Bool { own.byte(at: 1) & 8 != 0 }
  @inline(always)
  var input: Int { own.byte(at: 2) }
  @inline(always)
  var inputOrGroups: Int { own.byte(at: 3) }
  @inline(always)
  var height: Int { edge.uint16(at: 4) }
  @inline(always)
  var width: Int { edge.uint16(at: 6) }
  @inline(always)
  var channels: Int { own.uint16(at: 8) }
  @inline(always)
  var ringHeight: Int { edge.uint16(at: 10) }
  @inline(always)
  var offset: Int { Int(truncatingIfNeeded: UInt32(bitPattern: edge.int32(3))) }
  @inline(always)
  var kernelHeight: Int { own.byte(at: 16) }
  @inline(always)
  var kernelWidth: Int { own.byte(at: 17) }
  @inline(always)
  var strideVertical: Int { own.byte(at: 18) &>> 4 }
  @inline(always)
  var strideHorizontal: Int { own.byte(at: 18) & 15 }
  @inline(always)
  var paddingTop: Int { own.byte(at: 19) &>> 4 }
  @inline(always)
  var paddingLeft: Int { own.byte(at: 19) & 15 }
  @inline(always)
  var marginTop: Int { edge.byte(at: 20) &>> 4 }
  @inline(always)
  var marginBottom: Int { edge.byte(at: 20) & 15 }
  @inline(always)
  var marginLeft: Int { edge.byte(at: 21) &>> 4 }
  @inline(always)
  var marginRight: Int { edge.byte(at: 21) & 15 }
  @inline(always)
  var zeroPoint: Int8 { own[22] }
  @inline(always)
  var leftShift: Int { isPacked ? 0 : own.byte(at: 23) &>> 5 }
  @inline(always)
  var weightShift: Int { isPacked ? own.byte(at: 23) &>> 5 : 0 }
  @inline(always)
  var rightShift: Int { own.byte(at: 23) & 31 }
  @inline(always)
  var blockOffset: Int { Int(truncatingIfNeeded: UInt32(bitPattern: own.int32(6))) }
  var poolHeight: Int { isPooled ? edge.byte(at: 16) : 1 }
  var poolWidth: Int { isPooled ? edge.byte(at: 17) : 1 }
  var poolStrideVertical: Int { isPooled ? edge.byte(at: 18) &>> 4 : 1 }
  var poolStrideHorizontal: Int { isPooled ? edge.byte(at: 18) & 15 : 1 }

  /// `rows(ofInput:atStep:)`, which this puts into the code once.
  @inline(never)
  func neededRows(ofInput input: StoredRecord, atStep step: Int) -> Range<Int> {
    rows(ofInput: input, atStep: step)
  }
}
