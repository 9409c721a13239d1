import Foundation

/// Folders: what is in them, and making them.
enum Folder {
  /// What a path leads to.
  enum Kind: Hashable {
    case file
    case folder
    case nothing
  }

  /// What `path` leads to, links followed. Everything that isn't a folder is a file.
  static func kind(of path: String) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .nothing }
    return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
  }

  /// Whether a file can be put at `path`: there is a regular one, or nothing. Links are followed.
  static func holdsOrLacksFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
  }

  /// The folder that `path` is in, empty for the current one. `NSString` has this, too, and crashes where a path is one letter.
  static func parent(of path: String) -> String {
    var name = path[...]
    while name.count > 1, name.last == "/" { name.removeLast() }
    guard let slash = name.lastIndex(of: "/") else { return "" }
    return slash == name.startIndex ? "/" : String(name[..<slash])
  }

  /// The names in the folder at `path`, sorted by their UTF-8 bytes, hidden ones left out.
  /// Of a name that isn't UTF-8, U+FFFD takes the place of what is no text; nothing is found by it.
  static func names(in path: String) throws(FileError) -> [String] {
    guard let stream = opendir(path) else {
      let reason = SystemError.last
      switch reason.code {
      case ENOENT: throw .missing(path: path)
      case ENOTDIR: throw .notFolder(path: path)
      default: throw .failed(doing: .listing, path: path, reason: reason)
      }
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Makes the folder at `path` and those above it; one that exists is fine.
  static func make(_ path: String) throws(FileError) {
    if mkdir(path, 0o777) == 0 { return }
    let reason = SystemError.last
    let parent = parent(of: path)
    if reason.code == EEXIST {
      guard kind(of: path) == .folder else { throw .notFolder(path: path) }
    } else if reason.code == ENOENT, !parent.isEmpty, parent != path {
      try make(parent)
      guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
        throw .failed(doing: .creating, path: path, reason: .last)
      }
    } else {
      throw .failed(doing: .creating, path: path, reason: reason)
    }
  }
}
