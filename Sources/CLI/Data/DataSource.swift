import Foundation

/// Which data folder a command means.
struct DataSource {
  /// The environment of the process.
  let environment: [String: String]

  /// The user's cache.
  var cache: CacheFolder { CacheFolder(environment: environment) }

  /// Where a downloaded MNIST lies.
  var downloaded: String { cache.path(of: "mnist") }

  /// The folder that the environment names, if it does.
  var named: String? { environment["THIMBLE_DATA"].flatMap { $0.isEmpty ? nil : $0 } }

  /// The data folder: `option` (of `--data`), else `THIMBLE_DATA`, else a downloaded MNIST. One that is named and
  /// isn't right is refused, not passed over.
  /// - Throws: `FileError` or `Failure`.
  func folder(option: String?) throws -> DataFolder {
    if let path = option ?? named { return try DataFolder(path) }
    guard Folder.kind(of: downloaded) == .folder else {
      throw Failure(
        "no data: --data is not given, THIMBLE_DATA is not set, and \(downloaded) does not exist")
    }
    return try DataFolder(downloaded)
  }
}
