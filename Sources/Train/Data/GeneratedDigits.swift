import Foundation
import Network

/// Digits drawn by program, for machines without a network or a data folder.
///
/// A picture is 28x28x1, light ink (255) on black (0), as in MNIST. Its digit is one of several ways to write it
/// (`DigitStrokes`), bent by a smooth warp, slanted, turned, scaled and shifted, then drawn with a round pen
/// (`DigitPen`). Easier than handwriting: a network trained on it alone reads little of MNIST.
public enum GeneratedDigits {
  /// The shape of every picture.
  public static let shape = Shape(height: 28, width: 28, channels: 1)

  /// Draws `count` pictures; picture `i` is of digit `i % 10`, and depends on `seed` and `i` alone.
  /// - Parameters:
  ///   - count: At least 1.
  ///   - seed: The same seed gives the same bytes.
  /// - Returns: A set of `count` pictures named `0` to `9`.
  /// - Complexity: O(`count`), some 20 microseconds a picture.
  public static func dataset(count: Int, seed: UInt64) -> Dataset {
    precondition(count > 0, "a dataset has at least one picture")
    var pixels = Data(count: count * shape.count)
    pixels.withUnsafeMutableBytes { bytes in
      for index in 0..<count {
        let row = index * shape.count
        let slot = UnsafeMutableRawBufferPointer(rebasing: bytes[row..<row + shape.count])
        slot.copyBytes(from: picture(of: index % 10, index: index, seed: seed))
      }
    }
    let labels = (0..<count).map { UInt8($0 % 10) }
    do {
      return try Dataset(
        shape: shape, pixels: pixels, labels: labels, labelNames: (0...9).map(String.init))
    } catch {
      preconditionFailure("the pixels are count times shape, the labels below ten")
    }
  }

  /// Draws one digit: `shape.count` pixels.
  private static func picture(of digit: Int, index: Int, seed: UInt64) -> [UInt8] {
    var chance = DigitChance(seed: seed, stream: UInt64(index))
    let forms = DigitStrokes.forms[digit]
    let strokes = forms[chance.index(below: forms.count)]
    let warp = DigitWarp(using: &chance)
    let pen = DigitPen(
      radius: chance.uniform(0.75, 1.75), ink: chance.uniform(200, 255), side: shape.width)
    return pen.draw(strokes.map { $0.map(warp.placed) })
  }
}
