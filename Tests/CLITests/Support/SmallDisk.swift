import Foundation

/// A file system of 64 KiB, where the system lets us mount one.
enum SmallDisk {
  /// Mounts it at `path`, calls `body`, and unmounts it; without the right to mount, does nothing.
  static func use(at path: String, _ body: (String) throws -> Void) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard mount("none", path, "tmpfs", 0, "size=64k") == 0 else { return }
    defer { umount2(path, Int32(MNT_DETACH)) }
    try body(path)
  }
}
