/// A section's head: what it holds and where.
package struct SectionHead {
  package let kind: ModelFormat.Section
  /// Where its bytes begin in the file.
  package let start: Int
  /// Where they end.
  package let end: Int

  /// The section whose head is at `offset`, or nil where its kind is unknown or it runs past the end of the file.
  package init?(of file: RawSpan, at offset: Int) {
    let start = offset &+ ModelFormat.sectionHeadByteCount
    guard start <= file.byteCount else { return nil }
    let head = file.uint32(at: offset)
    guard let kind = ModelFormat.Section(rawValue: UInt8(truncatingIfNeeded: head)) else {
      return nil
    }
    let byteCount = Int(head &>> 8)
    guard byteCount <= file.byteCount &- start else { return nil }
    self.kind = kind
    self.start = start
    end = start &+ byteCount
  }
}
