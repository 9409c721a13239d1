import CZlib
import Foundation

/// Packs bytes, with zlib, for tests.
enum Gzip {
  /// One gzip member.
  static func packed(_ bytes: Data) -> Data { deflated(bytes, windowBits: 15 + 16) }

  /// A zlib stream, as in a PNG.
  static func zlib(_ bytes: Data) -> Data { deflated(bytes, windowBits: 15) }

  private static func deflated(_ bytes: Data, windowBits: Int32) -> Data {
    var stream = z_stream()
    deflateInit2_(
      &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var source = [UInt8](bytes)
    var result = [UInt8](repeating: 0, count: bytes.count + bytes.count / 100 + 1000)
    let count = source.withUnsafeMutableBufferPointer { input in
      result.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
        return output.count - Int(stream.avail_out)
      }
    }
    return Data(result[..<count])
  }
}
