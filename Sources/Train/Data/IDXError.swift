/// Why bytes are not an IDX file of the expected content. Byte counts are of the whole file.
public enum IDXError: Error, Hashable, Sendable {
  /// Fewer bytes than the header needs or announces.
  case truncated(expected: Int, found: Int)
  /// More bytes than the header announces.
  case overlong(expected: Int, found: Int)
  /// The first four bytes are not those of an IDX file of unsigned bytes.
  case magic(expected: UInt32, found: UInt32)
  /// An IDX file of another number of extents, which is neither pictures nor labels.
  case extentCount(expected: Int, found: Int)
  /// Labels where pictures are expected, or the reverse.
  case mislabelled(expected: IDX.Content, found: IDX.Content)
  /// An extent is zero: no picture, no row or no column. `offset` is in bytes from the start of the file.
  case emptyExtent(index: Int, offset: Int)
  /// The extents multiply to more than a file can hold (2^40 elements, 2^31 - 1 along an extent).
  case tooLarge(extents: [Int])
  /// As many labels as pictures are needed.
  case countMismatch(pictures: Int, labels: Int)
  /// The files are sound, their content isn't a dataset.
  case dataset(DatasetError)
}
