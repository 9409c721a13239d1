import CTinyRuntime

/// Bytes of the file, or of an arena, that are only read.
///
/// Kernels index without a check of their own: loading proved that what a record makes them read lies inside the file and
/// the arena.
@safe
struct Bytes {
  private let start: UnsafeRawPointer

  @unsafe
  init(_ start: UnsafeRawPointer) { unsafe self.start = start }

  /// Where they begin.
  var address: UInt { unsafe UInt(bitPattern: start) }

  func advanced(by offset: Int) -> Bytes { unsafe Bytes(start + offset) }

  subscript(offset: Int) -> Int8 { unsafe start.load(fromByteOffset: offset, as: Int8.self) }

  /// Four bytes at any address; for processors that allow it.
  func word(at offset: Int) -> UInt32 {
    unsafe start.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
  }

  /// The `index`th 32-bit value of bytes that begin at a multiple of 4.
  func int32(_ index: Int) -> Int32 {
    unsafe start.load(fromByteOffset: 4 &* index, as: Int32.self)
  }
}

/// Bytes of the arena that are written; otherwise as `Bytes`.
@safe
struct MutableBytes {
  private let start: UnsafeMutableRawPointer

  @unsafe
  init(_ start: UnsafeMutableRawPointer) { unsafe self.start = start }

  /// Where they begin.
  var address: UInt { unsafe UInt(bitPattern: start) }

  func advanced(by offset: Int) -> MutableBytes { unsafe MutableBytes(start + offset) }

  subscript(offset: Int) -> Int8 {
    get { unsafe start.load(fromByteOffset: offset, as: Int8.self) }
    nonmutating set {
      unsafe start.assumingMemoryBound(to: Int8.self)[offset] = newValue
    }
  }
}

extension thimble_tile {
  /// Computes the sums.
  mutating func sum(_ layout: WeightLayout) {
    switch layout {
    case .pairs: unsafe thimble_tile_pairs(&self)
    case .eights: unsafe thimble_tile_eights(&self)
    case .plain, .sixteens: break
    }
  }

  /// The sum of a pixel and channel of the tile.
  @inline(__always)
  mutating func sum(_ index: Int) -> Int32 {
    unsafe withUnsafeBytes(of: &sums) { unsafe $0.load(fromByteOffset: 4 &* index, as: Int32.self) }
  }

  /// Replaces it.
  @inline(__always)
  mutating func setSum(_ index: Int, _ value: Int32) {
    unsafe withUnsafeMutableBytes(of: &sums) {
      unsafe $0.assumingMemoryBound(to: Int32.self)[index] = value
    }
  }
}
