import Foundation
import Synchronization

/// The files being written that have no right to stay when the process ends early.
enum TemporaryFiles {
  private static let paths = Mutex<Set<String>>([])

  /// Says that the file at `path` is to be removed unless `forget` comes first.
  static func remember(_ path: String) { paths.withLock { _ = $0.insert(path) } }

  /// Says that the file at `path` has its final name, or is gone.
  static func forget(_ path: String) { paths.withLock { _ = $0.remove(path) } }

  /// Removes them all.
  static func removeAll() {
    paths.withLock { paths in
      for path in paths { unlink(path) }
      paths = []
    }
  }
}
