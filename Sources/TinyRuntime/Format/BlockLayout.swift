/// The weights of `WeightLayout.blocks`: blocks of 16 bytes, for processors that multiply 16 bytes by 16 at once.
///
/// | op | weights | what is padded with zeros |
/// |---|---|---|
/// | convolution | [channels / 4][blocks][4][16] | each row of the kernel, or all rows as one (`isWhole`) |
/// | dense | [input rows][channels / 4][blocks][4][16] | each row of the input |
/// | depthwise | [channels / 16][taps][16] | the channels, and taps to 8 |
///
/// The 1 to 3 channels that are left over come one after another, `[blocks][16]` each. No weight is -128, for two
/// products are added in 16 bits.
package enum BlockLayout {
  /// Blocks that hold `count` bytes.
  @inline(always)
  package static func blocks(_ count: Int) -> Int { (count &+ 15) &>> 4 }

  /// The most blocks that a kernel taken as one row may have.
  package static let wholeBlocks = 9

  /// Whether the rows of a convolution's kernel lie one after another without padding. The kernel then copies what they
  /// are multiplied with together first.
  @inline(always)
  package static func isWhole(rows: Int, runLength: Int) -> Bool {
    rows > 1 && runLength <= 16 &* wholeBlocks && blocks(rows &* runLength) <= wholeBlocks
  }

  /// Bytes of the weights of one output channel of a convolution.
  @inline(always)
  package static func byteCount(rows: Int, runLength: Int) -> Int {
    16
      &* (isWhole(rows: rows, runLength: runLength)
        ? blocks(rows &* runLength) : rows &* blocks(runLength))
  }

  /// Bytes of the weights of 16 channels of a depthwise convolution; at least those of their constants, so that all 16
  /// can be read where there are fewer.
  @inline(always)
  package static func depthwiseByteCount(taps: Int) -> Int { 16 &* max(taps, 8) }
}
