/// Why a file could not be read or written, with the path as the user gave it.
enum FileError: Error, Hashable, CustomStringConvertible {
  /// Nothing has this name.
  case missing(path: String)
  /// A folder where a file is needed.
  case isFolder(path: String)
  /// A file where a folder is needed.
  case notFolder(path: String)
  /// The folder that the file is to be written to doesn't exist.
  case parentMissing(path: String, parent: String)
  /// A name in a folder that is no text; `name` is as near as text comes.
  case notText(folder: String, name: String)
  /// The system said no.
  case failed(doing: Action, path: String, reason: SystemError)

  /// What was being done.
  enum Action: String, Hashable {
    case reading = "read"
    case writing = "write"
    case listing = "list"
    case creating = "create"
  }

  /// One line.
  var description: String {
    switch self {
    case .missing(let path): "\(path): no such file or folder"
    case .isFolder(let path): "\(path): is a folder, a file is needed"
    case .notFolder(let path): "\(path): is a file, a folder is needed"
    case .notText(let folder, let name): "\(folder): the name '\(name)' is not UTF-8"
    case .parentMissing(let path, let parent): "cannot write \(path): no folder \(parent)"
    case .failed(let action, let path, let reason): "cannot \(action.rawValue) \(path): \(reason)"
    }
  }
}
