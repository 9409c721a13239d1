import Foundation

/// A file that appears whole or not at all.
///
/// The bytes go to a hidden file beside the final one, which takes its name once they are on the disk; whatever had
/// the name before stays until then. Without `commit()`, by error, by Ctrl-C or because the value is dropped, the
/// hidden file is removed. A link is followed, so that it goes on being a link; a pipe or a device (`/dev/null`) can't
/// be replaced and is written to as it is.
final class OutputFile {
  /// How the names of hidden files begin.
  static let hiddenPrefix = ".thimble-"

  /// The path as the user gave it.
  let path: String
  /// Where the file will be, links resolved.
  private let destination: String
  /// Where the bytes go until then; nil for a pipe or a device.
  private let temporary: String?
  private var descriptor: Int32

  /// Writes `bytes` to `path` in one go.
  static func write(_ bytes: Data, to path: String) throws(FileError) {
    let file = try OutputFile(path)
    try file.append(bytes)
    try file.commit()
  }

  /// Makes sure that `path` can be written, which is better known before the work than after it. A pipe is left alone: who
  /// reads it would take opening and closing for all.
  static func check(_ path: String) throws(FileError) {
    if Folder.kind(of: path) == .file, !Folder.holdsOrLacksFile(path) { return }
    _ = try OutputFile(path)
  }

  /// Creates the hidden file.
  /// - Throws: `FileError`: the folder to write to is missing, `path` is a folder, there is no permission.
  init(_ path: String) throws(FileError) {
    self.path = path
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists && status.st_mode & S_IFMT == S_IFDIR { throw .isFolder(path: path) }
    if exists && status.st_mode & S_IFMT != S_IFREG {
      (destination, temporary) = (path, nil)
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    } else {
      destination = exists ? Self.resolved(path) : path
      let parent = Folder.parent(of: destination)
      if !parent.isEmpty, Folder.kind(of: parent) != .folder {
        throw .parentMissing(path: path, parent: parent)
      }
      let unique = "\(getpid())-\(String(UInt64.random(in: 0...(.max)), radix: 36))"
      let hidden = (parent as NSString).appendingPathComponent(Self.hiddenPrefix + unique)
      temporary = hidden
      TemporaryFiles.remember(hidden)
      descriptor = open(hidden, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 && exists { fchmod(descriptor, status.st_mode & 0o777) }
    }
    if descriptor < 0 {
      let reason = SystemError.last
      temporary.map(TemporaryFiles.forget)
      throw .failed(doing: .writing, path: path, reason: reason)
    }
  }

  deinit { abandon() }

  /// Writes the next bytes.
  func append(_ bytes: Data) throws(FileError) {
    precondition(descriptor >= 0, "the file is closed")
    guard FileDescriptor.writeAll(bytes, to: descriptor) == 0 else { throw failed() }
  }

  /// Puts the bytes on the disk and gives the file its name.
  func commit() throws(FileError) {
    precondition(descriptor >= 0, "the file is closed")
    guard let temporary else {
      guard close(descriptor) == 0 else { throw failed() }
      descriptor = -1
      return
    }
    guard fsync(descriptor) == 0, rename(temporary, destination) == 0 else { throw failed() }
    TemporaryFiles.forget(temporary)
    close(descriptor)
    descriptor = -1
  }

  /// Removes what was written, and says why the last call failed.
  private func failed() -> FileError {
    let reason = SystemError.last
    abandon()
    return .failed(doing: .writing, path: path, reason: reason)
  }

  private func abandon() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    if let temporary {
      unlink(temporary)
      TemporaryFiles.forget(temporary)
    }
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}
