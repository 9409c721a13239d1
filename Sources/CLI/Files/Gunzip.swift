import CZlib
import Foundation

/// Unpacks gzip files with zlib, several members one after another included.
enum Gunzip {
  /// The most bytes a file may unpack to. A few packed kilobytes can announce terabytes.
  static let byteLimit = 1 << 32

  /// Unpacks `packed`, handing the bytes over in chunks of at most 256 KiB.
  /// - Throws: `GunzipError`, or what `consume` throws.
  static func unpack(
    _ packed: Data, byteLimit: Int = Gunzip.byteLimit, into consume: (Data) throws -> Void
  ) throws {
    guard packed.count >= 2, packed.prefix(2).elementsEqual([0x1f, 0x8b]) else {
      throw GunzipError.notGzip
    }
    var stream = z_stream()
    let version = ZLIB_VERSION
    let size = Int32(MemoryLayout<z_stream>.size)
    // 15 bits of window, and 16 for the gzip wrapper.
    guard inflateInit2_(&stream, 15 + 16, version, size) == Z_OK else {
      throw GunzipError.outOfMemory
    }
    defer { inflateEnd(&stream) }
    try packed.withUnsafeBytes { source in
      try run(&stream, over: source, byteLimit: byteLimit, into: consume)
    }
  }

  /// Unpacks `packed` in memory.
  static func unpacked(_ packed: Data, byteLimit: Int = Gunzip.byteLimit) throws -> Data {
    var bytes = Data()
    try unpack(packed, byteLimit: byteLimit) { bytes.append($0) }
    return bytes
  }

  private static func run(
    _ stream: inout z_stream, over source: UnsafeRawBufferPointer, byteLimit: Int,
    into consume: (Data) throws -> Void
  ) throws {
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var consumed = 0
    var produced = 0
    while true {
      let available = min(source.count - consumed, 1 << 30)
      stream.next_in = UnsafeMutablePointer(
        mutating: source.baseAddress!.advanced(by: consumed).assumingMemoryBound(to: UInt8.self))
      stream.avail_in = UInt32(available)
      let (status, count) = chunk.withUnsafeMutableBufferPointer { buffer in
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(buffer.count)
        let status = inflate(&stream, Z_NO_FLUSH)
        return (status, buffer.count - Int(stream.avail_out))
      }
      let read = available - Int(stream.avail_in)
      consumed += read
      produced += count
      guard produced <= byteLimit else { throw GunzipError.tooLarge(limit: byteLimit) }
      if count > 0 { try consume(Data(chunk[..<count])) }
      switch status {
      // Output may be held back when all is read, so only a call without any effect means the end.
      case Z_OK where read > 0 || count > 0: break
      case Z_STREAM_END:
        // Another member may follow.
        if consumed == source.count { return }
        inflateReset(&stream)
      case Z_OK, Z_BUF_ERROR: throw GunzipError.truncated(byteCount: source.count)
      default: throw GunzipError.damaged(offset: consumed)
      }
    }
  }
}
