/// The JSON a safetensors header is made of: objects, arrays, strings and whole numbers from 0.
enum HeaderJSON: Hashable {
  case object([String: HeaderJSON])
  case array([HeaderJSON])
  case string(String)
  case number(Int)
}

/// Reads a header. Whatever else JSON allows has no place in one, and is refused.
struct HeaderJSONParser {
  /// A header nests no deeper.
  private static let depthLimit = 4

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  /// Reads all of `bytes`; blanks may follow the value.
  static func parse(_ bytes: ArraySlice<UInt8>) throws(CheckpointError) -> HeaderJSON {
    var parser = HeaderJSONParser(bytes: bytes, position: bytes.startIndex)
    let value = try parser.value(depth: 0)
    parser.skipBlanks()
    guard parser.position == bytes.endIndex else { throw parser.error("the end of the header") }
    return value
  }

  private func error(_ expected: String) -> CheckpointError {
    .header(position: position - bytes.startIndex, expected: expected)
  }

  private var current: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while let byte = current, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  /// Takes a character if it comes next, blanks before it skipped.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard current == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(CheckpointError) -> HeaderJSON {
    guard depth < Self.depthLimit else { throw error("no deeper nesting") }
    if take("{") { return .object(try object(depth: depth)) }
    if take("[") { return .array(try array(depth: depth)) }
    if current == UInt8(ascii: "\"") { return .string(try string()) }
    return .number(try number())
  }

  private mutating func object(depth: Int) throws(CheckpointError) -> [String: HeaderJSON] {
    var members: [String: HeaderJSON] = [:]
    if take("}") { return members }
    repeat {
      skipBlanks()
      let start = position
      let key = try string()
      guard take(":") else { throw error("':'") }
      let value = try value(depth: depth + 1)
      guard members.updateValue(value, forKey: key) == nil else {
        position = start
        throw error("a name that was not used before")
      }
    } while take(",")
    guard take("}") else { throw error("',' or '}'") }
    return members
  }

  private mutating func array(depth: Int) throws(CheckpointError) -> [HeaderJSON] {
    var elements: [HeaderJSON] = []
    if take("]") { return elements }
    repeat { elements.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw error("',' or ']'") }
    return elements
  }

  private mutating func number() throws(CheckpointError) -> Int {
    let start = position
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      position += 1
    }
    let digits = bytes[start..<position]
    guard let value = Int(String(decoding: digits, as: UTF8.self)),
      digits.count == 1 || digits.first != UInt8(ascii: "0")
    else {
      position = start
      throw error("an object, an array, a string or a whole number")
    }
    return value
  }

  private mutating func string() throws(CheckpointError) -> String {
    guard current == UInt8(ascii: "\"") else { throw error("a string") }
    position += 1
    var text: [UInt8] = []
    while let byte = current, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw error("a string without control characters") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        text += String(try escape()).utf8
      } else {
        text.append(byte)
      }
    }
    guard current != nil else { throw error("the end of a string") }
    guard let string = String(validating: text, as: UTF8.self) else { throw error("UTF-8") }
    position += 1
    return string
  }

  /// What follows a backslash.
  private mutating func escape() throws(CheckpointError) -> Unicode.Scalar {
    guard let byte = current else { throw error("an escape") }
    position += 1
    switch Unicode.Scalar(byte) {
    case "\"", "\\", "/": return Unicode.Scalar(byte)
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "u":
      let first = try codeUnit()
      if let scalar = Unicode.Scalar(first) { return scalar }
      guard (0xD800..<0xDC00).contains(first), take("\\"), take("u") else {
        throw error("a pair of surrogates")
      }
      let second = try codeUnit()
      guard (0xDC00..<0xE000).contains(second) else { throw error("a pair of surrogates") }
      let value = 0x1_0000 + (first - 0xD800) << 10 + (second - 0xDC00)
      guard let scalar = Unicode.Scalar(value) else { throw error("a pair of surrogates") }
      return scalar
    default:
      position -= 1
      throw error("an escape")
    }
  }

  private mutating func codeUnit() throws(CheckpointError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}

extension HeaderJSON {
  /// A string as JSON writes it, in quotes.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\r": quoted += "\\r"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
