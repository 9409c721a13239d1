/// Elements that start out as zeros, on a border of 64 bytes: the widest vector that reads them.
final class Memory<Element: BitwiseCopyable & ExpressibleByIntegerLiteral>: @unchecked Sendable {
  let start: UnsafeMutablePointer<Element>
  let count: Int

  init(count: Int) {
    self.count = count
    start = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Element>.stride, alignment: 64
    ).bindMemory(to: Element.self, capacity: max(count, 1))
    start.initialize(repeating: 0, count: max(count, 1))
  }

  convenience init(_ values: [Element]) {
    self.init(count: values.count)
    for (index, value) in values.enumerated() { start[index] = value }
  }

  deinit { start.deallocate() }
}

extension Memory where Element == Int32 {
  /// A table of places. After the last it is there eight times more, for those who take nine at a time.
  convenience init(offsets: some Collection<Int>) {
    let offsets = offsets.map { Int32($0) }
    self.init(offsets + [Int32](repeating: offsets.last ?? 0, count: 8))
  }
}
