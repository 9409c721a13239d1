import CTinyRuntime

/// What a record computes. The numbers are stored in files and never change.
package enum OpCode: UInt8 {
  /// The picture: rows come from the caller.
  case input = 0
  case conv2D = 1
  case depthwiseConv2D = 2
  case dense = 3
  case maxPool2D = 4
  case averagePool2D = 5
  case globalAveragePool = 6
  case add = 7
  case softmax = 8
  /// Any function of one value: a table of 256 bytes.
  case table = 9
  case multiply = 10
  /// The channels of a second input behind those of the first.
  case concat = 11
  /// The same values in the same order in another shape.
  case reshape = 12
  /// Every pixel several times, across and down.
  case upsample = 13
  /// Which channel of a pixel is the largest.
  case argmax = 14

  /// Every code but the picture's.
  package static let known = 1...Int(argmax.rawValue)

  /// Whether this build can run the op of a code, which is below 32. The runtime of a device that runs a few kinds of networks
  /// can be built without the others' ops; the picture's is none.
  @inline(always)
  static func isBuilt(_ code: Int) -> Bool {
    thimble_ops() &>> UInt32(truncatingIfNeeded: code) & 1 != 0
  }

  @inline(always)
  var isBuilt: Bool { Self.isBuilt(Int(rawValue)) }

  /// Whether this build knows dilation.
  @inline(always)
  static var isDilationBuilt: Bool { thimble_knows_dilation() }

  /// Whether rows are added up in 32-bit accumulators until the last one has come, instead of each making a row.
  @inline(always)
  package var accumulates: Bool { self == .dense || self == .globalAveragePool }

  /// Whether a window moves over the input.
  @inline(always)
  package var hasWindow: Bool {
    switch self {
    case .conv2D, .depthwiseConv2D, .maxPool2D, .averagePool2D: true
    default: false
    }
  }

  /// Whether a second activation is read.
  package var hasSecondInput: Bool {
    // A build without these ops has no use for the question.
    OpCode.add.isBuilt && self == .add || OpCode.multiply.isBuilt && self == .multiply
      || OpCode.concat.isBuilt && self == .concat
  }

  /// Whether the output's values are some of the input's, so that they stand for the same numbers.
  package var keepsValues: Bool {
    switch self {
    case .maxPool2D, .concat, .reshape, .upsample: true
    default: false
    }
  }

  /// Whether its row may be written over one that it reads: each value is read before the one in its place is written.
  package var worksInPlace: Bool {
    self == .add || self == .softmax || self == .table || self == .multiply
  }

  /// Whether a max pool behind it can take it over, so that its edge is never stored.
  package var canFold: Bool { self == .conv2D || self == .depthwiseConv2D }

  /// Whether there are weights, after a bias and a multiplier for each output channel.
  package var hasWeights: Bool {
    switch self {
    case .conv2D, .depthwiseConv2D, .dense: true
    default: false
    }
  }

  /// Whether sums are scaled to int8 (see `Requantizer`).
  package var requantizes: Bool {
    switch self {
    case .conv2D, .depthwiseConv2D, .dense, .averagePool2D, .globalAveragePool, .add, .multiply:
      true
    default: false
    }
  }

  /// Bytes of 32-bit constants at the start of the block, for an output of `channels`.
  package func constantByteCount(channels: Int) -> Int {
    switch self {
    case .input, .maxPool2D, .concat, .reshape, .upsample, .argmax: 0
    case .conv2D, .depthwiseConv2D, .dense: 8 &* channels
    case .averagePool2D, .globalAveragePool: 8
    case .add: 12
    case .softmax: 32
    case .table: 256
    case .multiply: 4
    }
  }
}

/// How a sum is rounded to int8. The numbers are stored in files and never change.
package enum Rounding: UInt8 {
  /// `saturate(floor(sum * M / 2^(32 + r) + 1/2) + zeroPoint)`: one rounding, of the exact product.
  case native = 0
}

/// How a block's weights are stored. The numbers are stored in files and never change.
package enum Encoding: UInt8 {
  /// One byte a weight, used in place.
  case raw = 0
  /// A raw DEFLATE stream (RFC 1951), unpacked once into weight RAM. Before it: its byte count and where in weight
  /// RAM the weights go, four bytes each.
  case deflate = 1
  /// Four bits a weight, -7 ... 7, used in place.
  case int4 = 2
  /// Two bits a weight, -2 ... 1, used in place.
  case int2 = 3
  /// Five weights of -1, 0 or 1 a byte, used in place.
  case ternary = 4

  /// Whether this build has what unpacks weights of less than a byte. A firmware whose weights are all raw is built with
  /// `THIMBLE_RAW_ONLY`, without that and without the decoder of `deflate`.
  #if THIMBLE_RAW_ONLY || THIMBLE_NO_PACKED
    package static let holdsPacked = false
  #else
    package static let holdsPacked = true
  #endif

  /// What this build can use.
  #if THIMBLE_RAW_ONLY
    package static let known = 0...0
  #else
    package static let known = 0...(holdsPacked ? 4 : 1)
  #endif

  /// Whether weights take less than a byte each and are used in place, a few of them unpacked at a time.
  @inline(always)
  package var isPacked: Bool { Self.holdsPacked && rawValue >= Self.int4.rawValue }
}
