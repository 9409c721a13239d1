import Foundation

/// IDX files of a few tiny pictures.
enum SmallIDX {
  /// Pictures of 2x2; picture `i` has the pixels `4i…4i+3`.
  static func pictures(count: Int) -> Data {
    header(0x0803, [count, 2, 2]) + Data((0..<4 * count).map { UInt8($0 % 256) })
  }

  /// The labels 0, 1, … 9, 0, …
  static func labels(count: Int) -> Data {
    header(0x0801, [count]) + Data((0..<count).map { UInt8($0 % 10) })
  }

  private static func header(_ magic: Int, _ extents: [Int]) -> Data {
    Data(([magic] + extents).flatMap { value in [24, 16, 8, 0].map { UInt8(value >> $0 & 255) } })
  }

  /// The four files of a data folder, 24 training and 12 test pictures.
  static let mnistLike: [(name: String, bytes: Data)] = [
    ("train-images-idx3-ubyte", pictures(count: 24)),
    ("train-labels-idx1-ubyte", labels(count: 24)),
    ("t10k-images-idx3-ubyte", pictures(count: 12)),
    ("t10k-labels-idx1-ubyte", labels(count: 12)),
  ]
}
