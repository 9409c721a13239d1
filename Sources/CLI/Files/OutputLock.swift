import Foundation

/// The right to be the only process that makes an output, until the value goes or the process ends, however it ends.
///
/// It is the system's lock on an empty file beside the output. What a killed process leaves of it is locked by nobody,
/// and the next run takes it over.
final class OutputLock {
  private let path: String
  private let descriptor: Int32

  /// Where the lock of an output lies: one for all names of a file.
  static func path(of output: String) -> String { FilePlace(output).path + ".lock" }

  /// Locks the output at `output`. Where the file system knows no locks, that is only said.
  /// - Throws: a `Failure` where another process has the lock, `FileError` where its file can't be made.
  init(_ output: String, warn: (String) -> Void = { StandardError.warn($0) }) throws {
    path = Self.path(of: output)
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else {
        throw FileError.failed(doing: .writing, path: path, reason: .last)
      }
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
        let reason = SystemError.last
        guard reason.code != EWOULDBLOCK else {
          close(descriptor)
          throw Failure("\(output): another run is writing to it")
        }
        warn("cannot lock \(path): \(reason); another run to the same output would go unnoticed")
      }
      // Its last owner may have removed it since it was opened.
      if Self.isSame(descriptor, path) {
        self.descriptor = descriptor
        TemporaryFiles.remember(path)
        return
      }
      close(descriptor)
    }
  }

  deinit {
    unlink(path)
    TemporaryFiles.forget(path)
    close(descriptor)
  }

  private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
    var (opened, named) = (stat(), stat())
    return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0
      && opened.st_dev == named.st_dev && opened.st_ino == named.st_ino
  }
}
