import Foundation
import Network

extension Dataset {
  /// Pictures of independent random pixels, all of one label: something to run a network on when
  /// there is nothing else.
  public static func noise(shape: Shape, count: Int, seed: UInt64) -> Dataset {
    var random = SplitMix(seed: seed, RandomStream.noise)
    let pixels = Data(
      (0..<shape.count * count).map { _ in
        UInt8(truncatingIfNeeded: random.next() >> 56)
      })
    do {
      return try Dataset(
        shape: shape, pixels: pixels, labels: [UInt8](repeating: 0, count: count),
        labelNames: ["noise"])
    } catch { preconditionFailure("as many pixels as pictures need") }
  }
}
