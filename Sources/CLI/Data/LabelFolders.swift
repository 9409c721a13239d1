import Foundation

/// A folder that holds one folder of pictures per label.
struct LabelFolders: Hashable {
  /// The names of the folders, sorted by their bytes; a label is an index into them.
  let labelNames: [String]
  /// The pictures of each label, sorted by name.
  private let pictures: [[String]]

  /// One in so many pictures of a label is for the test where the folder isn't split.
  static let testStride = 6

  /// A picture and the label that its folder says.
  struct Entry: Hashable {
    var path: String
    var label: Int
  }

  /// Lists the folder at `path`.
  /// - Throws: `FileError`, or a `Failure` where a label has no picture or there are more than 256 labels.
  init(_ path: String) throws {
    labelNames = try Folder.names(in: path).filter { name in
      switch Folder.kind(of: path + "/" + name) {
      case .folder: true
      case .file: false
      // A link to a folder that is gone, or a folder whose name is no text.
      case .nothing where (name as NSString).pathExtension.isEmpty:
        throw name.contains("\u{FFFD}")
          ? FileError.notText(folder: path, name: name) : .missing(path: path + "/" + name)
      case .nothing: false
      }
    }
    guard (1...256).contains(labelNames.count) else {
      throw Failure("\(path): 1 to 256 folders of pictures are needed, found \(labelNames.count)")
    }
    pictures = try labelNames.map { name in
      let folder = path + "/" + name
      let found = try Self.pictures(in: folder)
      if found.isEmpty { throw Failure("\(folder): no PNG or JPEG picture for this label") }
      return found
    }
  }

  /// The paths of the pictures in the folder at `path`: files whose names end as PNG's and JPEG's do.
  static func pictures(in path: String) throws(FileError) -> [String] {
    try Folder.names(in: path)
      .filter { name in
        PictureDecoder.pathExtensions.contains((name as NSString).pathExtension.lowercased())
      }
      .map { path + "/" + $0 }
      .filter { Folder.kind(of: $0) != .folder }
  }

  /// All pictures, label after label.
  var all: [Entry] { entries { _, _ in true } }

  /// The pictures of a part where the folder isn't split: the sixth, twelfth, … of a label are for the test; of a
  /// label with two to five, its last.
  func split(_ part: DataPart) -> [Entry] {
    entries { index, count in
      let isTest =
        count < Self.testStride
        ? index > 0 && index == count - 1 : index % Self.testStride == Self.testStride - 1
      return isTest == (part == .test)
    }
  }

  private func entries(where isWanted: (_ index: Int, _ count: Int) -> Bool) -> [Entry] {
    pictures.enumerated().flatMap { label, paths in
      paths.enumerated().compactMap { index, path in
        isWanted(index, paths.count) ? Entry(path: path, label: label) : nil
      }
    }
  }

  /// The same pictures with another folder's labels.
  /// - Throws: `Failure` where a label isn't among `names`.
  func entries(labelled names: [String]) throws -> [Entry] {
    try all.map { entry in
      let name = labelNames[entry.label]
      guard let label = names.firstIndex(of: name) else {
        throw Failure("\(entry.path): the training pictures have no label \(name)")
      }
      return Entry(path: entry.path, label: label)
    }
  }
}
