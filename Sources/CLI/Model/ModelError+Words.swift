import TinyRuntime

extension ModelError {
  /// One line for people; the runtime itself has no words.
  var words: String {
    switch self {
    case .misaligned: "a model file lies in memory at a multiple of 4"
    case .truncated(let needed, let found):
      "a model file begins with \(needed) bytes of header and records, found \(found)"
    case .magic(let found):
      "not a model file: expected THMB at byte 0, found 0x\(String(found, radix: 16))"
    case .version(let found):
      "byte 4 says format version \(found), this tool reads version 1"
    case .length(let declared, let found):
      "byte 8 declares a file of \(declared) bytes, found \(found): cut off or appended to"
    case .checksum(let declared, let found):
      "byte 12 declares checksum \(Self.hex(declared)), the bytes have \(Self.hex(found)): damaged"
    case .layout(let found, _):
      "byte 7 declares weights in layout \(found), which this build does not know"
    case .header(let field, let found, let allowed):
      "header field \(field) is \(found), expected \(Self.range(allowed))"
    case .record(let index, let field, let found, let allowed):
      "record \(index): \(field) is \(found), expected \(Self.range(allowed))"
    case .blockEnd(let record, let start, let byteCount, let found):
      "record \(record): \(byteCount) bytes at byte \(start) run past the end, at \(found)"
    case .section(let offset):
      "the section at byte \(offset) is of an unknown kind or runs past the end"
    case .ring(let record, let input, let row):
      "record \(record): row \(row) of record \(input) is gone when it is needed; its ring is too small"
    case .stream(let record, let error):
      "record \(record): its packed weights are damaged (\(error))"
    case .weightCode(let record, let offset):
      "record \(record): the bytes at byte \(offset) stand for no weights"
    case .memory(let needed, let found):
      "the model works in \(needed) bytes of memory, found \(found)"
    }
  }

  /// Eight digits.
  static func hex(_ checksum: UInt32) -> String {
    let digits = String(checksum, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  private static func range(_ allowed: ClosedRange<Int>) -> String {
    allowed.count == 1
      ? "\(allowed.lowerBound)" : "\(allowed.lowerBound) to \(allowed.upperBound)"
  }
}
