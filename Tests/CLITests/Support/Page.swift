import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A report, read as XML: a page that isn't well-formed throws.
struct Page {
  private let document: XMLDocument

  init(_ bytes: Data) throws { document = try XMLDocument(data: bytes) }

  /// The elements of a name, which may be limited to those whose attribute has a value.
  func elements(_ name: String, where attribute: (name: String, value: String)? = nil) throws
    -> [XMLElement]
  {
    try document.nodes(forXPath: "//*[local-name()='\(name)']").compactMap { $0 as? XMLElement }
      .filter { element in
        guard let attribute else { return true }
        return element.value(of: attribute.name) == attribute.value
      }
  }

  /// What stands between the tags of an element, and in those inside it.
  func texts(_ name: String, where attribute: (name: String, value: String)? = nil) throws
    -> [String]
  {
    try elements(name, where: attribute).map { $0.stringValue ?? "" }
  }

  /// All attributes of a name.
  func attributes(_ name: String) throws -> [String] {
    try document.nodes(forXPath: "//@*").filter { $0.localName == name }.map {
      $0.stringValue ?? ""
    }
  }
}

extension XMLElement {
  /// The value of an attribute, if it is there.
  func value(of attribute: String) -> String? {
    attributes?.first { $0.name == attribute }?.stringValue
  }
}
