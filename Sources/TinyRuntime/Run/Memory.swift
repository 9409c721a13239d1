import CTinyRuntime

/// Bytes of the file or of the arena that are only read.
///
/// Kernels index without a check: loading proved that what a record makes them read lies inside the file and the arena. A debug
/// build checks that proof at every access.
@safe
struct Bytes {
  fileprivate let start: UnsafeRawPointer
  #if DEBUG
    private let range: Range<Int>
  #endif

  /// `count` bytes at `start`, which others leave alone as long as these are used.
  @unsafe
  init(_ start: UnsafeRawPointer, count: Int) {
    unsafe self.start = start
    #if DEBUG
      range = 0..<count
    #endif
  }

  /// All of a buffer that is not empty.
  @unsafe
  init(_ buffer: UnsafeRawBufferPointer) {
    unsafe self.init(buffer.baseAddress!, count: buffer.count)
  }

  /// The bytes from `offset` on.
  @inline(always)
  func advanced(by offset: Int) -> Bytes { Bytes(moving: self, by: offset) }

  @inline(always)
  private init(moving bytes: Bytes, by offset: Int) {
    unsafe start = bytes.start + offset
    #if DEBUG
      range = bytes.range.lowerBound - offset..<bytes.range.upperBound - offset
    #endif
  }

  @inline(always)
  fileprivate func check(_ offset: Int, _ count: Int) {
    #if DEBUG
      precondition(
        range.lowerBound <= offset && offset + count <= range.upperBound, "outside the bytes")
    #endif
  }

  /// Where they begin.
  @inline(always)
  var address: UInt { unsafe UInt(bitPattern: start) }

  /// The byte at `offset`, signed.
  @inline(always)
  subscript(offset: Int) -> Int8 {
    check(offset, 1)
    return unsafe start.load(fromByteOffset: offset, as: Int8.self)
  }

  /// `count` bytes from `offset` on, for those who may see them.
  @unsafe
  func buffer(at offset: Int, count: Int) -> UnsafeRawBufferPointer {
    check(offset, count)
    return unsafe UnsafeRawBufferPointer(start: start + offset, count: count)
  }

  /// The byte at `offset`, unsigned.
  @inline(always)
  func byte(at offset: Int) -> Int { Int(UInt8(bitPattern: self[offset])) }

  /// The unsigned 16-bit value at `offset`, a multiple of 2 from bytes that begin at one.
  @inline(always)
  func uint16(at offset: Int) -> Int {
    check(offset, 2)
    return Int(unsafe start.load(fromByteOffset: offset, as: UInt16.self))
  }

  /// Four bytes at any address, for processors that can.
  @inline(always)
  func word(at offset: Int) -> UInt32 {
    check(offset, 4)
    return unsafe start.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
  }

  /// The 32-bit value `index` of bytes that begin at a multiple of 4.
  @inline(always)
  func int32(_ index: Int) -> Int32 {
    check(4 &* index, 4)
    return unsafe start.load(fromByteOffset: 4 &* index, as: Int32.self)
  }
}

/// Bytes of the arena that are written, too; otherwise as `Bytes`.
@safe
struct MutableBytes {
  /// The same, to be read.
  let bytes: Bytes

  /// `count` bytes at `start`, which others leave alone as long as these are used.
  @unsafe
  init(_ start: UnsafeMutableRawPointer, count: Int) {
    unsafe bytes = Bytes(UnsafeRawPointer(start), count: count)
  }

  private init(_ bytes: Bytes) { self.bytes = bytes }

  /// Where they are: they were given as bytes that may be written.
  @inline(always)
  private var start: UnsafeMutableRawPointer {
    unsafe UnsafeMutableRawPointer(mutating: bytes.start)
  }

  /// The bytes from `offset` on.
  @inline(always)
  func advanced(by offset: Int) -> MutableBytes { MutableBytes(bytes.advanced(by: offset)) }

  /// Where they begin.
  @inline(always)
  var address: UInt { bytes.address }

  /// The byte at `offset`, signed.
  @inline(always)
  subscript(offset: Int) -> Int8 {
    get { bytes[offset] }
    nonmutating set {
      bytes.check(offset, 1)
      unsafe start.assumingMemoryBound(to: Int8.self)[offset] = newValue
    }
  }

  /// Replaces the 16-bit value at `offset`, a multiple of 2 from bytes that begin at one.
  @inline(always)
  func setUInt16(at offset: Int, _ value: Int) {
    bytes.check(offset, 2)
    unsafe start.storeBytes(
      of: UInt16(truncatingIfNeeded: value), toByteOffset: offset, as: UInt16.self)
  }

  /// The 32-bit value `index` of bytes that begin at a multiple of 4.
  @inline(always)
  func int32(_ index: Int) -> Int32 { bytes.int32(index) }

  /// Replaces it.
  @inline(always)
  func setInt32(_ index: Int, _ value: Int32) {
    bytes.check(4 &* index, 4)
    unsafe start.assumingMemoryBound(to: Int32.self)[index] = value
  }

  /// `count` elements from the byte at `offset` on, for those who may see them.
  @unsafe
  func elements<Element>(at offset: Int, count: Int) -> UnsafeMutableBufferPointer<Element> {
    bytes.check(offset, count &* MemoryLayout<Element>.stride)
    return unsafe UnsafeMutableBufferPointer(
      start: (start + offset).assumingMemoryBound(to: Element.self), count: count)
  }

  /// The first `count` bytes, for those who may see them.
  @inline(always)
  func withSpan(count: Int, _ body: (inout MutableSpan<Int8>) -> Void) {
    bytes.check(0, count)
    var span = unsafe MutableSpan(
      _unsafeStart: start.assumingMemoryBound(to: Int8.self), count: count)
    body(&span)
  }
}

extension thimble_tile {
  /// Computes the sums.
  @inline(always)
  mutating func run() { unsafe thimble_tile_eights(&self) }

  /// The sum of a channel.
  @inline(always)
  mutating func sum(_ channel: Int) -> Int32 {
    unsafe withUnsafeBytes(of: &sums) {
      unsafe $0.load(fromByteOffset: 4 &* channel, as: Int32.self)
    }
  }

  /// Replaces it.
  @inline(always)
  mutating func setSum(_ channel: Int, _ value: Int32) {
    unsafe withUnsafeMutableBytes(of: &sums) {
      unsafe $0.assumingMemoryBound(to: Int32.self)[channel] = value
    }
  }
}

extension thimble_pairs {
  /// Places position `index`, 0 or 1.
  @inline(always)
  mutating func setPosition(_ index: Int, _ position: thimble_position) {
    unsafe withUnsafeMutableBytes(of: &positions) {
      unsafe $0.assumingMemoryBound(to: thimble_position.self)[index] = position
    }
  }

  /// Computes a pixel, or two, from the first `count` positions, whose windows are gathered first if `isGathered`.
  @inline(always)
  mutating func run(
    positions count: Int, isGathered: Bool, rows: Int, runLength: Int, rowByteCount: Int
  ) {
    let count = UInt32(truncatingIfNeeded: count)
    if isGathered {
      unsafe thimble_pairs_run_gathered(
        &self, count, UInt32(truncatingIfNeeded: rows), UInt32(truncatingIfNeeded: runLength),
        Int32(truncatingIfNeeded: rowByteCount))
    } else {
      unsafe thimble_pairs_run(&self, count)
    }
  }
}

extension thimble_plane_row {
  /// Computes the row.
  @inline(always)
  mutating func run() { unsafe thimble_plane_run(&self) }
}

extension thimble_depthwise {
  /// Computes a pixel.
  @inline(always)
  mutating func run3x3() { unsafe thimble_depthwise_3x3(&self) }
}
