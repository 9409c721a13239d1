/// How much of a record's weights is unpacked at a time.
package struct WeightTile: Equatable {
  /// The output channels of a tile; the last tile may have fewer.
  package let channels: Int
  /// Its bytes, unpacked.
  package let byteCount: Int
  /// The last one's.
  package let lastByteCount: Int

  @inline(always)
  package init(channels: Int, byteCount: Int, lastByteCount: Int) {
    self.channels = channels
    self.byteCount = byteCount
    self.lastByteCount = lastByteCount
  }

  /// Tiles of up to `byteCount` bytes that `total` are divided into.
  init(channels: Int, byteCount: Int, of total: Int) {
    self.init(
      channels: channels, byteCount: min(byteCount, total),
      lastByteCount: (total &- 1) % byteCount &+ 1)
  }
}

extension Record {
  /// Whether there are packed weights.
  @inline(always)
  package var isPacked: Bool {
    Encoding.holdsPacked && encoding >= Encoding.int4.rawValue
  }

  /// How packed weights lie.
  @inline(always)
  package var packedGroups: PackedGroups {
    PackedGroups(encoding)
  }

  /// The tiles of a record with weights: of all of a convolution's, of a row of a dense layer's that is laid out, or of a row of one output of
  /// one that isn't.
  ///
  /// As many channels as are computed together, and more where they are small. All kernels but those of `blocks` walk a row once for each
  /// tile and lose little by it; those copy windows together first, for all channels of a tile.
  package func weightTile(input: some Record, layout: WeightLayout) -> WeightTile {
    let layout = isLaidOut ? layout : .plain
    let target = layout == .blocks ? 256 &* BlockLayout.wholeBlocks : 256
    let total = weightByteCount(input: input, layout: layout)
    if op == .depthwiseConv2D {
      return WeightTile(channels: channels, byteCount: total, of: total)
    }
    if op == .dense, !isLaidOut {
      return WeightTile(channels: 1, byteCount: target, of: input.pixelByteCount)
    }
    let rowBytes = op == .dense ? total / input.height : total
    let least =
      op == .dense
      ? 64 &* BlockLayout.blocks(input.pixelByteCount)
      : layout.byteCount(
        channels: layout.channelsInTile, rows: kernelHeight, runLength: runLength(input: input))
    // Of a plain convolution one channel, for it may have groups.
    let count = layout == .plain ? 1 : max(1, target / least)
    return WeightTile(
      channels: count &* layout.channelsInTile, byteCount: count &* least, of: rowBytes)
  }

  /// Bytes at the end of the arena in which a tile of packed weights is unpacked; 0 without packed weights.
  @inline(always)
  package func unpackedByteCount(input: some Record, layout: WeightLayout) -> Int {
    guard isPacked else { return 0 }
    return packedGroups.unpackedByteCount(
      of: weightTile(input: input, layout: layout).byteCount)
  }

  /// Whether weights may be packed. There are no kernels for `sixteens`; and the one for depthwise convolutions in `blocks` reads the
  /// constants of 16 channels at a time, which must not end behind the block.
  package func canPack(_ byteCount: Int, layout: WeightLayout) -> Bool {
    if !isLaidOut { return true }
    if layout.isSixteens { return false }
    return op != .depthwiseConv2D || layout != .blocks
      || op.constantByteCount(channels: (channels &+ 15) & ~15)
        <= op.constantByteCount(channels: channels) &+ byteCount
  }
}
