/// A model file that was checked whole: sizes and offsets, no bytes. What it says holds for the very bytes it was
/// loaded from; hand in those again to run it.
///
/// Loading costs one pass over the file. After it nothing in the file can make the runtime read or write outside the
/// file, the memory and the buffers it is given.
public struct Model: Equatable, Sendable {
  /// The number of records, the picture's included.
  package let recordCount: Int
  /// Bytes of working memory for activations and the walk's state.
  public let arenaByteCount: Int
  /// Bytes of memory for unpacked weights, after the arena.
  public let weightRAMByteCount: Int
  /// Where the sections begin.
  package let sectionsOffset: Int
  /// Rows of the picture.
  public let inputHeight: Int
  /// Columns of the picture.
  public let inputWidth: Int
  /// Channels of the picture.
  public let inputChannels: Int
  /// Rows of the output.
  public let outputHeight: Int
  /// Columns of the output.
  public let outputWidth: Int
  /// Channels of the output.
  public let outputChannels: Int

  /// Bytes of memory a session needs.
  public var memoryByteCount: Int { arenaByteCount &+ weightRAMByteCount }

  /// Checks a model file.
  /// - Parameter file: all of its bytes and no more, which begin at a multiple of 4.
  /// - Throws: `ModelError`; the first thing found wrong.
  /// - Complexity: O(bytes of the file).
  public init(loading file: RawSpan) throws(ModelError) {
    let header = try Header(checking: file)
    self = try unsafe file.withUnsafeBytes { (buffer) throws(ModelError) in
      try Model(header, unsafe Bytes(buffer), file)
    }
  }

  private init(_ header: Header, _ bytes: Bytes, _ file: RawSpan) throws(ModelError) {
    guard bytes.address & 3 == 0 else { throw .misaligned }
    var check = RecordCheck(header, bytes)
    for index in 0..<header.recordCount { try check.record(at: index) }
    try check.finish(file)
    let input = StoredRecord(0, of: bytes)
    let output = StoredRecord(header.recordCount &- 1, of: bytes)
    recordCount = header.recordCount
    arenaByteCount = header.arenaByteCount
    weightRAMByteCount = header.weightRAMByteCount
    sectionsOffset = check.blocksEnd
    (inputHeight, inputWidth, inputChannels) = (input.height, input.width, input.channels)
    (outputHeight, outputWidth, outputChannels) = (output.height, output.width, output.channels)
  }
}
