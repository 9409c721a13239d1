import Foundation
import Network

/// Pictures with labels. The pixels may be a memory-mapped file; nothing is copied, splits
/// included.
public struct Dataset: Sendable {
  /// The shape of every picture.
  public let shape: Shape
  /// What each label is called; a label is an index into it.
  public let labelNames: [String]
  /// All pixels, 8 bits each, picture after picture, height x width x channels.
  private let pixels: Data
  /// The label of each picture in `pixels`.
  private let allLabels: [UInt8]
  /// Which pictures of `pixels` this set holds, in its order.
  private let indices: [Int32]

  /// One picture in this many is held out of the training pictures for validation.
  public static let validationStride = 12

  /// Creates a set over `pixels`.
  /// - Throws: `DatasetError` where the byte count is not pictures times shape, there is no picture, or a label
  ///   has no name.
  public init(shape: Shape, pixels: Data, labels: [UInt8], labelNames: [String])
    throws(DatasetError)
  {
    guard !labels.isEmpty else { throw .empty }
    guard pixels.count == labels.count * shape.count else {
      throw .pixelCount(expected: labels.count * shape.count, found: pixels.count)
    }
    if let bad = labels.firstIndex(where: { Int($0) >= labelNames.count }) {
      throw .labelOutOfRange(picture: bad, label: Int(labels[bad]), count: labelNames.count)
    }
    self.shape = shape
    self.labelNames = labelNames
    self.pixels = pixels
    self.allLabels = labels
    self.indices = (0..<Int32(labels.count)).map { $0 }
  }

  private init(_ base: Dataset, indices: [Int32]) {
    shape = base.shape
    labelNames = base.labelNames
    pixels = base.pixels
    allLabels = base.allLabels
    self.indices = indices
  }

  /// The number of pictures.
  public var count: Int { indices.count }

  /// The label of the picture at `index`.
  public func label(at index: Int) -> Int { Int(allLabels[Int(indices[index])]) }

  /// Where the picture at `index` is in the set that this one was split from.
  public func originalPosition(of index: Int) -> Int { Int(indices[index]) }

  /// Calls `body` with the `shape.count` pixels of the picture at `index`.
  public func withPicture<Result>(
    at index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    let start = Int(indices[index]) * shape.count
    return try pixels.withUnsafeBytes { bytes in
      try body(
        UnsafeBufferPointer(rebasing: bytes.bindMemory(to: UInt8.self)[start..<start + shape.count])
      )
    }
  }

  /// The pictures at these positions, in this order.
  public func subset(_ positions: some Sequence<Int>) -> Dataset {
    Dataset(self, indices: positions.map { indices[$0] })
  }

  /// The training pictures without the validation split, and the split: every `validationStride`-th
  /// picture. It depends on nothing but the set, so that every command holds out the same pictures.
  public func splitForValidation() -> (training: Dataset, validation: Dataset) {
    let isHeldOut = { (position: Int) in
      position % Self.validationStride == Self.validationStride - 1
    }
    return (
      subset((0..<count).lazy.filter { !isHeldOut($0) }),
      subset((0..<count).lazy.filter(isHeldOut))
    )
  }
}

/// Why bytes are not a dataset.
public enum DatasetError: Error, Hashable, Sendable {
  /// No picture at all.
  case empty
  /// The pixels are not as many as pictures times shape.
  case pixelCount(expected: Int, found: Int)
  /// A label without a name.
  case labelOutOfRange(picture: Int, label: Int, count: Int)
}
