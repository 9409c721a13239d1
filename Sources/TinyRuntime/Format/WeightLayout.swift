import CTinyRuntime

/// In which order the weights of a convolution lie in a file. The header names one for all records that say they are laid out;
/// the numbers are stored in files and never change.
///
/// Of a depthwise convolution, which must have a multiple of four channels, `pairs`, `eights` and `fours` mean (channels / 4, kernel
/// height, kernel width, 4).
public enum WeightLayout: UInt8, Sendable {
  /// (output channels, kernel height, kernel width, input channels): for every processor.
  case plain = 0
  /// Pairs of channels in half words, for Armv6 and Armv7E-M with their DSP instructions: see `thimble_pairs`.
  case pairs = 1
  /// Bytes of eight channels, for Cortex-M0 and M3, which multiply one number at a time: see `thimble_tile_eights`.
  case eights = 2
  /// Blocks of 16 channels, four inputs at a time, for x86-64 with AVX512-VNNI: see `sixteens.h`.
  case sixteens = 3
  /// Blocks of 16 bytes, for Helium, NEON and WebAssembly: see `BlockLayout`.
  case blocks = 4
  /// Four channels of an input after another, for RISC-V: see `fours.h`.
  case fours = 5

  /// The layout that this build's processor is fastest with.
  package static var native: WeightLayout {
    WeightLayout(rawValue: thimble_native_layout()) ?? .plain
  }

  /// The layout that the header of a checked file names. Where a build knows but one, it needn't be looked up.
  @inline(always)
  init(of file: Bytes) {
    self =
      thimble_knows_all_layouts()
      ? WeightLayout(rawValue: UInt8(bitPattern: file[ModelFormat.Header.layout])) ?? .plain
      : .native
  }

  /// Whether this build can use the layout. A host can use them all, so that the families are tested everywhere.
  package var isKnown: Bool {
    self == .plain || self == .native || thimble_knows_all_layouts()
  }

  /// The output channels that are computed together; the last ones are padded to as many.
  package var channelsInTile: Int {
    switch self {
    case .plain: 1
    case .pairs: 2
    case .eights: 8
    case .blocks, .fours: 4
    case .sixteens: 16
    }
  }

  /// Whether it is `sixteens`, which no firmware knows: a constant there, so that nothing of it is linked.
  @inline(always)
  package var isSixteens: Bool {
    #if hasFeature(Embedded)
      false
    #else
      self == .sixteens
    #endif
  }

  /// Whether the weights of dense layers are laid out too, as those of a kernel as high as the input is.
  @inline(always)
  package var holdsDense: Bool { isSixteens || self == .blocks }

  /// Whether weights of a depthwise convolution are laid out, too.
  package var holdsDepthwise: Bool { self != .plain && !isSixteens }

  /// Whether weights of an op may be laid out.
  func holds(_ op: OpCode) -> Bool {
    switch op {
    case .conv2D: self != .plain
    case .dense: holdsDense
    case .depthwiseConv2D: holdsDepthwise
    default: false
    }
  }

  /// Whether kernels read inputs in fours, past the end of a run that is no multiple of that. Not of a plain layout.
  package var readsAhead: Bool { !isSixteens }

  /// The runs of bytes that a window is read in, each padded to a multiple of 4.
  ///
  /// In layout `pairs` a small window of short rows is gathered into one run, which pays for the copy from the second channel on.
  /// - Parameters:
  ///   - rows: rows of the kernel.
  ///   - runLength: bytes that a row of the kernel reads.
  /// - Returns: how many runs, and their length before padding.
  @inline(always)
  package func run(rows: Int, runLength: Int) -> (rows: Int, length: Int) {
    self == .pairs && runLength < 16 && rows &* runLength <= 40
      ? (1, rows &* runLength) : (rows, runLength)
  }

  /// The bytes of a convolution's weights.
  /// - Parameters:
  ///   - channels: output channels.
  ///   - rows: rows of the kernel.
  ///   - runLength: bytes that a row of the kernel reads, for `groups` of 1.
  /// - Returns: the count.
  package func byteCount(channels: Int, rows: Int, runLength: Int) -> Int {
    if self == .plain { return channels &* rows &* runLength }
    if self == .blocks {
      return channels &* BlockLayout.byteCount(rows: rows, runLength: runLength)
    }
    if isSixteens {
      return (channels &+ 15) / 16
        &* Int(
          thimble_sixteens_block_bytes(
            UInt(truncatingIfNeeded: rows), UInt(truncatingIfNeeded: runLength)))
    }
    let tiles = (channels &+ channelsInTile &- 1) / channelsInTile
    let run = run(rows: rows, runLength: runLength)
    return tiles &* channelsInTile &* run.rows &* ((run.length &+ 3) & ~3)
  }
}
