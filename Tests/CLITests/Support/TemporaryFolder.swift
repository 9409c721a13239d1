import Foundation

/// A folder of a test's own, gone with the value.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "thimble-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of `name` in the folder; it may not exist.
  subscript(name: String) -> String { path + "/" + name }

  /// Writes a file, making the folders above it.
  @discardableResult
  func write(_ bytes: Data, to name: String) throws -> String {
    let folder = (self[name] as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try bytes.write(to: URL(fileURLWithPath: self[name]))
    return self[name]
  }

  /// What is in the folder or one in it, hidden files too, sorted.
  func names(_ folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: self[folder]).sorted()
  }

  /// The bytes of a file in the folder.
  func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: self[name]))
  }
}
