import CZlib

/// zlib's raw DEFLATE, at its best.
enum Deflate {
  /// The compressed bytes, without zlib's header and checksum: the model file has a checksum of its own.
  static func compressed(_ bytes: [Int8]) -> [UInt8] {
    var stream = z_stream()
    // Negative bits: no header. 9, the memory level, and 15, the window, are the most there is.
    let status = deflateInit2_(
      &stream, Z_BEST_COMPRESSION, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib could not start")
    defer { deflateEnd(&stream) }
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
    var input = bytes
    let written = input.withUnsafeMutableBytes { source in
      output.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        let status = deflate(&stream, Z_FINISH)
        precondition(status == Z_STREAM_END, "deflateBound gave room for all")
        return target.count - Int(stream.avail_out)
      }
    }
    return Array(output[..<written])
  }
}
