import TinyRuntime

// Not in the runtime, where an array would be a heap.
extension WeightLayout: CaseIterable {
  /// Every layout.
  public static let allCases: [WeightLayout] = [
    .plain, .pairs, .eights, .sixteens, .blocks, .fours,
  ]
}

extension WeightLayout {
  /// Whether the sums of a convolution with these weights fit what its tiles compute them in.
  func canHold(_ weights: [Int8], channels: Int, leftShift: Int) -> Bool {
    switch self {
    case .plain: return false
    case .eights, .sixteens, .fours: return true
    case .blocks: return !weights.contains(.min)
    case .pairs:
      // A channel's sum has 24 bits, whatever the inputs, and there is no room for -128 with a borrow.
      let count = weights.count / channels
      return leftShift == 0 && !weights.contains(.min)
        && (0..<channels).allSatisfy { channel in
          let bound = weights[channel * count..<(channel + 1) * count].reduce(0) {
            $0 + 128 * abs(Int($1))
          }
          return bound < 1 << 23
        }
    }
  }

  /// The weights of a convolution in this layout.
  /// - Parameters:
  ///   - weights: (channels, rows, runLength).
  ///   - channels: output channels.
  ///   - rows: rows of the kernel.
  ///   - runLength: inputs that a row of the kernel reads.
  /// - Returns: the weights in their order, and zeros where it has gaps; of `sixteens`, the sums before them.
  func order(_ weights: [Int8], channels: Int, rows: Int, runLength: Int) -> [Int8] {
    if self == .plain { return weights }
    if self == .blocks {
      return BlockLayout.order(weights, channels: channels, rows: rows, runLength: runLength)
    }
    let (rows, runLength) = run(rows: rows, runLength: runLength)
    var ordered: [Int8] = []
    ordered.reserveCapacity(byteCount(channels: channels, rows: rows, runLength: runLength))
    for first in stride(from: 0, to: channels, by: channelsInTile) {
      if self == .sixteens {
        let end = min(first + channelsInTile, channels)
        ordered += corrections(
          weights[first * rows * runLength..<end * rows * runLength], end - first)
      }
      for row in 0..<rows {
        for group in stride(from: 0, to: runLength, by: 4) {
          appendGroup(to: &ordered) { channel, index in
            let (channel, index) = (first + channel, group + index)
            return channel < channels && index < runLength
              ? weights[(channel * rows + row) * runLength + index] : 0
          }
        }
      }
    }
    return ordered
  }

  /// What unsigned inputs, 128 too large, add to the sums of a block of channels, to be added back: 16 numbers of 32 bits.
  private func corrections(_ weights: ArraySlice<Int8>, _ channels: Int) -> [Int8] {
    let count = weights.count / channels
    return (0..<16).flatMap { channel in
      let start = weights.startIndex + channel * count
      let sum = channel < channels ? weights[start..<start + count].reduce(0) { $0 + Int($1) } : 0
      return withUnsafeBytes(of: Int32(truncatingIfNeeded: -128 * sum).littleEndian) {
        $0.map(Int8.init(bitPattern:))
      }
    }
  }

  /// The weights of a depthwise convolution in any layout but `plain`.
  /// - Parameters:
  ///   - weights: (places of the kernel, channels).
  ///   - channels: a multiple of 4.
  /// - Returns: the bytes.
  func orderDepthwise(_ weights: [Int8], channels: Int) -> [Int8] {
    stride(from: 0, to: channels, by: 4).flatMap { first in
      stride(from: first, to: weights.count, by: channels).flatMap { weights[$0..<$0 + 4] }
    }
  }

  /// Appends the weights of four inputs.
  private func appendGroup(to ordered: inout [Int8], weight: (_ channel: Int, _ index: Int) -> Int8)
  {
    switch self {
    case .plain, .blocks: break
    case .pairs: for index in [0, 2, 1, 3] { ordered += [weight(0, index), weight(1, index)] }
    case .sixteens:
      for channel in 0..<channelsInTile { ordered += (0..<4).map { weight(channel, $0) } }
    case .eights, .fours:
      for index in 0..<4 { ordered += (0..<channelsInTile).map { weight($0, index) } }
    }
  }

  /// What kernels read of weights in this layout's order.
  func bytes(of weights: [Int8], _ op: OpCode) -> [Int8] {
    guard op == .conv2D else { return weights }
    switch self {
    case .plain, .blocks, .sixteens, .fours: return weights
    case .eights: return weights.map { Int8(bitPattern: UInt8(bitPattern: $0) ^ 0x80) }
    case .pairs:
      return weights.indices.map { index in
        // 256 b + a: a negative a, read without its sign, is 256 too large.
        index % 2 == 1 && weights[index - 1] < 0 ? weights[index] - 1 : weights[index]
      }
    }
  }
}
