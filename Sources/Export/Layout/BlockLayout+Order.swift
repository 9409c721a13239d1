import TinyRuntime

extension BlockLayout {
  /// The weights of a convolution in blocks.
  /// - Parameters:
  ///   - weights: (channels, rows, runLength).
  ///   - channels: output channels.
  ///   - rows: rows of the kernel.
  ///   - runLength: inputs that a row of the kernel reads.
  /// - Returns: as many bytes as the layout says.
  static func order(_ weights: [Int8], channels: Int, rows: Int, runLength: Int) -> [Int8] {
    if isWhole(rows: rows, runLength: runLength) {
      return interleaved(runs(weights, length: rows * runLength), rows: 1, channels: channels)
    }
    return interleaved(runs(weights, length: runLength), rows: rows, channels: channels)
  }

  /// The weights of a dense layer in blocks.
  /// - Parameters:
  ///   - weights: (channels, rows, runLength).
  ///   - channels: outputs.
  ///   - rows: rows of the input.
  ///   - runLength: values of a row.
  /// - Returns: likewise.
  static func orderDense(
    _ weights: [Int8], channels: Int, rows: Int, runLength: Int
  ) -> [Int8] {
    let runs = runs(weights, length: runLength)
    return (0..<rows).flatMap { row in
      interleaved((0..<channels).map { runs[$0 * rows + row] }, rows: 1, channels: channels)
    }
  }

  /// The weights of a depthwise convolution in blocks.
  /// - Parameters:
  ///   - weights: (taps, channels).
  ///   - channels: how many.
  /// - Returns: likewise.
  static func orderDepthwise(_ weights: [Int8], channels: Int) -> [Int8] {
    let taps = weights.count / channels
    return stride(from: 0, to: channels, by: 16).flatMap { first in
      let size = depthwiseByteCount(taps: taps)
      return (0..<size).map { place in
        let (tap, channel) = (place / 16, first + place % 16)
        return tap < taps && channel < channels ? weights[tap * channels + channel] : 0
      }
    }
  }

  /// Runs of `length`, each padded to whole blocks.
  private static func runs(_ weights: [Int8], length: Int) -> [[Int8]] {
    stride(from: 0, to: weights.count, by: length).map { start in
      weights[start..<start + length]
        + [Int8](repeating: 0, count: 16 * blocks(length) - length)
    }
  }

  /// Four channels' blocks in turn, and the channels that are left over one after another.
  /// - Parameters:
  ///   - runs: (channels, rows).
  ///   - rows: runs of a channel.
  ///   - channels: how many.
  /// - Returns: their bytes.
  private static func interleaved(_ runs: [[Int8]], rows: Int, channels: Int) -> [Int8] {
    var ordered: [Int8] = []
    for first in stride(from: 0, to: channels - 3, by: 4) {
      for row in 0..<rows {
        for block in stride(from: 0, to: runs[first * rows].count, by: 16) {
          for channel in first..<first + 4 {
            ordered += runs[channel * rows + row][block..<block + 16]
          }
        }
      }
    }
    return ordered + runs[(channels / 4 * 4 * rows)...].joined()
  }
}
