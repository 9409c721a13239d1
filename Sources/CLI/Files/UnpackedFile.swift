import Crypto
import Foundation

/// Opens files that may be gzipped. A `.gz` is unpacked into the cache once, and mapped from there.
struct UnpackedFile {
  /// Where unpacked files are kept.
  let cache: CacheFolder

  /// The bytes of the file at `path`, unpacked where its name ends in `.gz`, mapped. Where the cache can't be written
  /// to, a `.gz` is unpacked in memory.
  /// - Throws: `FileError`, or a `Failure` that names the file where it is damaged.
  func map(_ path: String) throws -> Data {
    guard path.hasSuffix(".gz") else { return try InputFile.map(path) }
    let packed = try InputFile.map(path)
    let unpacked = cache.path(of: "unpacked/\(try key(of: path))")
    if Folder.kind(of: unpacked) == .file, let bytes = try? InputFile.map(unpacked),
      bytes.count & 0xffff_ffff == announcedByteCount(packed)
    {
      return bytes
    }
    do {
      let file: OutputFile
      do {
        try Folder.make(cache.path(of: "unpacked"))
        file = try OutputFile(unpacked)
      } catch {
        return try Gunzip.unpacked(packed)
      }
      do {
        try Gunzip.unpack(packed) { try file.append($0) }
        try file.commit()
      } catch is FileError {
        return try Gunzip.unpacked(packed)
      }
    } catch let error as GunzipError {
      throw Failure("\(path): \(error)")
    }
    return try InputFile.map(unpacked)
  }

  /// A name that changes when the file does: a digest of its full path, its size and when it was written, and its own
  /// name for people who look into the cache.
  private func key(of path: String) throws(FileError) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .failed(doing: .reading, path: path, reason: .last)
    }
    let full = URL(fileURLWithPath: path).standardizedFileURL.path
    let written = "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    let text = "\(full)\n\(status.st_size)\n\(status.st_dev).\(status.st_ino)\n\(written)"
    let digest = SHA256.hash(data: Data(text.utf8)).prefix(8)
    let name = (path as NSString).lastPathComponent.dropLast(".gz".count)
    return digest.map { String(format: "%02x", $0) }.joined() + "-" + name
  }

  /// The last four bytes of a gzip file: how many bytes it unpacks to, modulo 2^32.
  private func announcedByteCount(_ packed: Data) -> Int {
    packed.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
