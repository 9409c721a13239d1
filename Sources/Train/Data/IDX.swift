import Foundation
import Network

/// Reads IDX files, MNIST's format: a big-endian header, then one unsigned byte per element.
///
/// | Offset | Bytes | Pictures (IDX3)        | Labels (IDX1)          |
/// |-------:|------:|------------------------|------------------------|
/// |      0 |     2 | zero                   | zero                   |
/// |      2 |     1 | 0x08, unsigned bytes   | 0x08, unsigned bytes   |
/// |      3 |     1 | 3, number of extents   | 1, number of extents   |
/// |      4 |     4 | pictures               | labels                 |
/// |      8 |     4 | rows                   | first label            |
/// |     12 |     4 | columns                |                        |
/// |     16 |       | first pixel            |                        |
///
/// Files are taken whole: one byte too few or too many is refused. Pixels are not copied, so a memory-mapped
/// file stays mapped.
public enum IDX {
  /// What an IDX file holds.
  public enum Content: Int, Hashable, Sendable {
    /// One label per picture; the raw value is the number of extents.
    case labels = 1
    /// Grey pictures of one size.
    case pictures = 3

    /// The bytes before the first element.
    public var headerByteCount: Int { 4 + 4 * rawValue }
  }

  /// Pictures as they lie in the file.
  public struct Pictures: Sendable {
    /// The number of pictures, at least 1.
    public let count: Int
    /// The shape of each; one channel.
    public let shape: Shape
    /// A slice of the file: `count * shape.count` bytes.
    public let pixels: Data
  }

  /// Parses a file of pictures.
  /// - Throws: `IDXError`; `.mislabelled` where it is a file of labels.
  public static func pictures(_ file: Data) throws(IDXError) -> Pictures {
    let (extents, elements) = try parse(file, as: .pictures)
    return Pictures(
      count: extents[0], shape: Shape(height: extents[1], width: extents[2], channels: 1),
      pixels: elements)
  }

  /// Parses a file of labels.
  /// - Throws: `IDXError`; `.mislabelled` where it is a file of pictures.
  public static func labels(_ file: Data) throws(IDXError) -> [UInt8] {
    [UInt8](try parse(file, as: .labels).elements)
  }

  /// Parses a file of pictures and the file of their labels.
  /// - Parameters:
  ///   - pictures: The bytes of the IDX3 file.
  ///   - labels: The bytes of the IDX1 file.
  ///   - labelNames: What each label is called; without it, the labels' own numbers, at least `0` to `9`.
  /// - Returns: The set, over a slice of `pictures`.
  /// - Throws: `IDXError`.
  public static func dataset(pictures: Data, labels: Data, labelNames: [String]? = nil)
    throws(IDXError) -> Dataset
  {
    let pictures = try Self.pictures(pictures)
    let labels = try Self.labels(labels)
    guard pictures.count == labels.count else {
      throw .countMismatch(pictures: pictures.count, labels: labels.count)
    }
    let names = labelNames ?? (0...max(9, labels.max() ?? 0)).map(String.init)
    do {
      return try Dataset(
        shape: pictures.shape, pixels: pictures.pixels, labels: labels, labelNames: names)
    } catch {
      throw .dataset(error)
    }
  }

  /// Checks the whole header against the length of the file.
  private static func parse(_ file: Data, as content: Content)
    throws(IDXError) -> (extents: [Int], elements: Data)
  {
    guard file.count >= 4 else { throw .truncated(expected: 4, found: file.count) }
    let magic = integer(in: file, at: 0)
    guard magic >> 8 == 0x08 else {
      throw .magic(expected: UInt32(0x0800 | content.rawValue), found: UInt32(magic))
    }
    let extentCount = magic & 0xff
    guard extentCount == content.rawValue else {
      if let found = Content(rawValue: extentCount) {
        throw .mislabelled(expected: content, found: found)
      }
      throw .extentCount(expected: content.rawValue, found: extentCount)
    }
    guard file.count >= content.headerByteCount else {
      throw .truncated(expected: content.headerByteCount, found: file.count)
    }
    let extents = (0..<extentCount).map { integer(in: file, at: 4 + 4 * $0) }
    var elementCount = 1
    for (index, extent) in extents.enumerated() {
      guard extent > 0 else { throw .emptyExtent(index: index, offset: 4 + 4 * index) }
      let (product, overflow) = elementCount.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= 1 << 40, extent <= Int32.max else {
        throw .tooLarge(extents: extents)
      }
      elementCount = product
    }
    let expected = content.headerByteCount + elementCount
    guard file.count >= expected else { throw .truncated(expected: expected, found: file.count) }
    guard file.count == expected else { throw .overlong(expected: expected, found: file.count) }
    return (extents, file[(file.startIndex + content.headerByteCount)...])
  }

  /// The big-endian 32-bit integer at `offset` bytes from the file's start, which need not be index 0 of a slice.
  private static func integer(in file: Data, at offset: Int) -> Int {
    let start = file.startIndex + offset
    return file[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
  }
}
