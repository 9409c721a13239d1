import Foundation

/// The file that a path leads to, or would, whatever the path looks like: links, `..` and names from elsewhere are followed.
struct FilePlace: Hashable {
  /// Without links where there is a file or a folder to put it in.
  let path: String

  /// Follows `path`. Where there is no file yet, its folder is followed.
  init(_ path: String) {
    let parent = Folder.parent(of: path)
    self.path =
      Self.real(path)
      ?? Self.real(parent.isEmpty ? "." : parent).map {
        $0 + "/" + (path.split(separator: "/").last.map(String.init) ?? "")
      } ?? path
  }

  private static func real(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// Makes sure that no file which is written is one that is read, one of the data's among them, or that is written as something
  /// else. What is no regular file, `/dev/null` say, may serve twice.
  /// - Throws: a `Failure` that names both.
  static func requireApart(
    writing outputs: [String], reading files: [String], data: DataFolder? = nil
  ) throws(Failure) {
    // There may be many pictures; a new file is none of them.
    let isReplacing = outputs.contains { Folder.kind(of: $0) == .file }
    let inputs = files + (isReplacing ? data?.files ?? [] : [])
    var taken: [FilePlace: String] = [:]
    for input in inputs { taken[FilePlace(input)] = input }
    for output in outputs where Folder.holdsOrLacksFile(output) {
      if let other = taken.updateValue(output, forKey: FilePlace(output)) {
        let use = inputs.contains(other) ? "is read" : "is written, too"
        throw Failure("\(output): would replace \(other), which \(use)")
      }
    }
  }
}
