import Foundation

/// A folder with data, and how it is laid out. Tried in this order, in the folder `D`:
///
/// 1. IDX files with MNIST's names in `D`, plain or `.gz`: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`,
///    `t10k-images-idx3-ubyte`, `t10k-labels-idx1-ubyte` (a dot before `idx` is fine, too);
/// 2. the same in `D/mnist`;
/// 3. `D/train` and `D/test`, in each one folder of PNG or JPEG pictures per label;
/// 4. one folder of pictures per label in `D` itself; every sixth picture of a label, in the order of the names, is
///    for the test.
struct DataFolder: Hashable {
  /// How data lies in a folder.
  enum Layout: Hashable {
    /// IDX files in this folder.
    case idx(String)
    /// Folders `train` and `test` of label folders.
    case parts
    /// One set of label folders, split by us.
    case labels
  }

  /// The folder as it was named.
  let path: String
  /// What was found there.
  let layout: Layout

  /// Looks at the folder at `path`.
  /// - Throws: `FileError` where it is no folder, a `Failure` that names every place looked at where nothing is there.
  init(_ path: String) throws {
    self.path = path
    let names = try Folder.names(in: path)
    if Self.holdsIDX(path) {
      layout = .idx(path)
    } else if Self.holdsIDX(path + "/mnist") {
      layout = .idx(path + "/mnist")
    } else if Folder.kind(of: path + "/train") == .folder,
      try Self.holdsLabels(path + "/train", names: Folder.names(in: path + "/train"))
    {
      layout = .parts
    } else if try Self.holdsLabels(path, names: names) {
      layout = .labels
    } else {
      let file = Self.idxNames(.training, "images-idx3-ubyte")[0]
      throw Failure(
        "no data in \(path): looked for \(file) (or .gz) in \(path) and \(path)/mnist, "
          + "and for folders of PNG or JPEG pictures, one a label, in \(path)/train and \(path)")
    }
  }

  /// The paths of the IDX files or pictures in the folder, without those of a part that isn't right.
  var files: [String] {
    switch layout {
    case .idx(let path):
      let names = DataPart.allCases.flatMap { part in
        Self.idxContents.flatMap { Self.idxNames(part, $0) }
      }
      return names.map { path + "/" + $0 }.filter { Folder.kind(of: $0) == .file }
    case .parts:
      return DataPart.allCases.flatMap { Self.pictures(in: path + "/" + $0.folderName) }
    case .labels: return Self.pictures(in: path)
    }
  }

  private static func pictures(in folder: String) -> [String] {
    (try? LabelFolders(folder))?.all.map(\.path) ?? []
  }

  private static let idxContents = ["images-idx3-ubyte", "labels-idx1-ubyte"]

  /// The names that an IDX file may have, the usual one first.
  static func idxNames(_ part: DataPart, _ content: String) -> [String] {
    let usual = part.filePrefix + "-" + content
    let dotted = usual.replacingOccurrences(of: "-idx", with: ".idx")
    return [usual, usual + ".gz", dotted, dotted + ".gz"]
  }

  /// Whether any of the pictures or labels of MNIST's names are there.
  private static func holdsIDX(_ folder: String) -> Bool {
    DataPart.allCases.contains { part in
      idxContents.contains { content in
        idxNames(part, content).contains { Folder.kind(of: folder + "/" + $0) == .file }
      }
    }
  }

  /// Whether one of the folders in `folder` has a picture in it.
  private static func holdsLabels(_ folder: String, names: [String]) throws -> Bool {
    try names.contains { name in
      let path = folder + "/" + name
      guard Folder.kind(of: path) == .folder else { return false }
      return try !LabelFolders.pictures(in: path).isEmpty
    }
  }
}
