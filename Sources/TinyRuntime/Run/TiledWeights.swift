/// Packed weights, which are unpacked a tile of channels at a time into the end of the arena: once for each row, which all its pixels
/// share.
package struct TiledWeights {
  /// Codes of a byte (`PackedGroups`); 0 for weights that are not packed, as an interpreter meets them.
  package let planes: Int
  /// How far codes are shifted to the left.
  package let shift: UInt32
  /// What makes weights of four such codes: added to them, which takes away the code of 0 and keeps a borrow from going further, and then
  /// combined by exclusive or, which gives the borrow back.
  package let addend: UInt32
  package let flip: UInt32
  /// What is unpacked at a time.
  package let tile: WeightTile
  /// Where in the memory.
  package let room: Int

  @inline(always)
  init(planes: Int, shift: UInt32, addend: UInt32, flip: UInt32, tile: WeightTile, room: Int) {
    self.planes = planes
    self.shift = shift
    self.addend = addend
    self.flip = flip
    self.tile = tile
    self.room = room
  }

  /// Those of a record.
  /// - Parameters:
  ///   - record: whose weights are packed or not.
  ///   - input: what it reads.
  ///   - layout: the one that the header names.
  ///   - arenaByteCount: bytes of the memory before weight RAM.
  package init(_ record: some Record, input: some Record, layout: WeightLayout, arenaByteCount: Int)
  {
    guard record.isPacked else {
      self.init(
        planes: 0, shift: 0, addend: 0, flip: 0,
        tile: WeightTile(channels: 0, byteCount: 0, lastByteCount: 0), room: 0)
      return
    }
    let groups = record.packedGroups
    // Weights in pairs are half words of 256 b + a, those in eights have 128 added; all others are bytes with a sign.
    let isTiled = record.isLaidOut && record.op == .conv2D
    let flip: UInt32 = isTiled && layout == .pairs ? 0x8000_8000 : 0x8080_8080
    self.init(
      planes: groups.planes, shift: UInt32(truncatingIfNeeded: record.weightShift),
      addend: flip &- (UInt32(groups.zero) &* 0x0101_0101)
        &<< UInt32(truncatingIfNeeded: record.weightShift),
      flip: isTiled && layout == .eights ? 0 : flip,
      tile: record.weightTile(input: input, layout: layout),
      room: arenaByteCount &- record.unpackedByteCount(input: input, layout: layout))
  }

  /// Those of an op in an interpreter.
  init(of op: Op<some Record>) {
    self.init(
      op.record, input: op.input, layout: op.layout,
      arenaByteCount: Int(op.file.int32(ModelFormat.Header.arenaByteCount / 4)))
  }

  @inline(always)
  func convolve(
    _ op: Op<some Record>, _ window: RowWindow, _ requantize: Requantizer, into output: MutableBytes
  ) {
    var part = op.whole
    var window = window
    var unpacker = unpacker(of: op)
    var output = output
    var channel = 0
    repeat {
      if planes > 0 { take(&part, &window, op, channel, &unpacker) }
      op.convolve(window, part, requantize, into: output)
      channel &+= part.channels
      output = output.advanced(by: part.channels)
    } while channel < op.record.channels
  }

  @inline(always)
  func depthwiseWeights(of op: Op<some Record>) -> Bytes {
    planes > 0 ? unpacker(of: op).unpacked(tile.byteCount) : op.weights
  }

  @inline(always)
  func accumulate(_ op: Op<some Record>, _ row: Bytes, _ step: Int, into accumulators: MutableBytes)
  {
    if planes == 0 {
      op.accumulateDense(row, step, into: accumulators)
    } else if op.record.isLaidOut {
      accumulateBlocks(op, row, step, into: accumulators)
    } else {
      accumulateRuns(op, row, step, into: accumulators)
    }
  }

  /// An unpacker at the first of an op's weights.
  @inline(always)
  private func unpacker(of op: Op<some Record>) -> WeightUnpacker {
    WeightUnpacker(op.weights, self, room: op.memory.advanced(by: room))
  }

  /// Unpacks the weights of the channels from `channel` on.
  @inline(always)
  private func take(
    _ part: inout ConvolutionPart, _ window: inout RowWindow, _ op: Op<some Record>, _ channel: Int,
    _ unpacker: inout WeightUnpacker
  ) {
    let record = op.record
    let left = record.channels &- channel
    part.channels = min(tile.channels, left)
    part.constants = op.constants.advanced(by: 8 &* channel)
    part.weights = unpacker.unpacked(left > tile.channels ? tile.byteCount : tile.lastByteCount)
    unpacker.skip(tile.byteCount)
    guard !record.isLaidOut else { return }
    // One channel, of a convolution of its group's inputs.
    let inputs = op.input.channels / record.inputOrGroups
    part.groups = 1
    part.input = op.ring.advanced(by: channel / (record.channels / record.inputOrGroups) &* inputs)
    window.channels = inputs
  }

  /// Adds one input row to the accumulators of a dense layer whose weights lie in blocks.
  @inline(always)
  private func accumulateBlocks(
    _ op: Op<some Record>, _ row: Bytes, _ step: Int, into accumulators: MutableBytes
  ) {
    let blocks = BlockLayout.blocks(op.input.pixelByteCount)
    var unpacker = unpacker(of: op)
    for _ in 0..<step { unpacker.skip(16 &* blocks &* op.record.channels) }
    var channel = 0
    while channel < op.record.channels {
      let left = op.record.channels &- channel
      blockDenseAccumulate(
        row, blocks: blocks,
        weights: unpacker.unpacked(left > tile.channels ? tile.byteCount : tile.lastByteCount),
        into: accumulators.advanced(by: 4 &* channel), outputs: min(tile.channels, left))
      unpacker.skip(tile.byteCount)
      channel &+= tile.channels
    }
  }

  /// The same where they are not laid out: a run for each output and row of the input.
  @inline(always)
  private func accumulateRuns(
    _ op: Op<some Record>, _ row: Bytes, _ step: Int, into accumulators: MutableBytes
  ) {
    let count = op.input.pixelByteCount
    var unpacker = unpacker(of: op)
    for _ in 0..<step { unpacker.skip(count) }
    for output in 0..<op.record.channels {
      var run = unpacker
      var sum = accumulators.int32(output)
      var first = 0
      while first < count {
        let length = count &- first > tile.byteCount ? tile.byteCount : tile.lastByteCount
        sum &+= dotProduct(row, from: first, run.unpacked(length), from: 0, count: length)
        run.skip(tile.byteCount)
        first &+= tile.byteCount
      }
      accumulators.setInt32(output, sum)
      unpacker.skip(op.input.height &* count)
    }
  }
}

/// Some output channels of a convolution: what their kernel reads.
struct ConvolutionPart {
  /// The input's ring, from the first channel that is read.
  var input: Bytes
  var weights: Bytes
  var constants: Bytes
  var groups: Int
  var channels: Int
}

extension Op {
  /// Takes a step of an op whose weights are packed, in code made for the model.
  @inline(always)
  func take(step: Int, _ tiles: TiledWeights) {
    if record.op == .dense {
      let accumulators = startSums(step)
      let row = memory.pixels(input, input.marginTop &+ step).bytes
      tiles.accumulate(self, row, step, into: accumulators)
      finishSums(step)
    } else if memory.fillMargin(record, step) {
      let first = record.rows(ofInput: input, atStep: step).lowerBound
      let window = RowWindow(record, input: input, firstRow: first)
      let output = memory.pixels(record, step)
      if record.op == .conv2D {
        tiles.convolve(self, window, Requantizer(record), into: output)
      } else {
        depthwiseRow(
          window, weights: tiles.depthwiseWeights(of: self), Requantizer(record), into: output)
      }
    }
  }

  /// All channels of a convolution.
  @inline(always)
  var whole: ConvolutionPart {
    ConvolutionPart(
      input: ring, weights: weights, constants: constants, groups: record.inputOrGroups,
      channels: record.channels)
  }
}
