import Export
import Network
import TinyRuntime
import Train

/// Model files to damage.
enum ModelBytes {
  /// The residual network that the loader's tests take apart: input, conv, conv, add, max pool, average pool, dense, softmax.
  static let text = """
    input 8x8x1
    trunk: conv 3x3 4 padding=same
    relu
    conv 3x3 4 padding=same groups=2
    add relu1
    maxpool 2x2
    depthwise 3x3 padding=same
    avgpool 2x2
    dense 5
    softmax
    """

  /// A model file of `text` with seeded weights.
  static func residual(
    encoding: EncodingChoice = .raw, text: String = text, goal: Goal = .ram
  ) throws -> [UInt8] {
    let network = try Network(text: text).untrained(seed: 1)
    var options = ExportOptions()
    options.encoding = encoding
    options.goal = goal
    return try Exporter.export(
      network, samples: noiseSamples(of: network, count: 1, seed: 1), options: options
    ).file
  }

  /// The file with its checksum made right again.
  static func resealed(_ file: [UInt8]) -> [UInt8] {
    var file = file
    guard file.count >= ModelFormat.headerByteCount else { return file }
    let checksum = CRC32.checksum(ofFile: file.span.bytes)
    for index in 0..<4 {
      file[ModelFormat.Header.checksum + index] = UInt8(truncatingIfNeeded: checksum >> (8 * index))
    }
    return file
  }

  /// Where byte `field` of record `index` is.
  static func offset(ofRecord index: Int, _ field: Int) -> Int {
    ModelFormat.headerByteCount + index * ModelFormat.recordByteCount + field
  }
}
