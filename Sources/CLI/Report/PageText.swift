import Mustache

/// How names and other text from files come into a page.
///
/// Unlike Mustache's own HTML it looks at Unicode scalars: a quote with a combining accent behind it is one character to Swift, and
/// not the quote, but it ends an attribute in a browser all the same.
struct PageText: MustacheContentType {
  /// What templates call it.
  static let name = "PAGE"

  func escapeText(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if let entity = Self.entities[scalar] {
        result.append(contentsOf: entity.unicodeScalars)
      } else {
        result.append(Self.isAllowed(scalar) ? scalar : "\u{fffd}")
      }
    }
    return String(result)
  }

  private static let entities: [Unicode.Scalar: String] = [
    "<": "&lt;", ">": "&gt;", "&": "&amp;", "\"": "&quot;", "'": "&#39;",
  ]

  /// Whether XML lets a scalar stand in text: no control character but tab and line ends, no noncharacter.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0a, 0x0d: true
    case 0..<0x20, 0x7f..<0xa0, 0xfffe, 0xffff: false
    default: true
    }
  }
}
