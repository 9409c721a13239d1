import Foundation
import Network
import Train

/// Loads a data folder's training set and test set.
struct DatasetLoader {
  /// Where unpacked IDX files are kept.
  let cache: CacheFolder
  /// The shape that folders of pictures are brought to. Without it the first training picture decides, and pictures of
  /// another size are refused. IDX files have their own shape, and another one is refused.
  var shape: Shape?
  /// Where warnings go.
  var warn: (String) -> Void = { StandardError.warn($0) }

  /// Loads one part of the data.
  /// - Throws: `FileError`, or a `Failure` that names the file.
  func load(_ part: DataPart, from folder: DataFolder) throws -> Dataset {
    switch folder.layout {
    case .idx(let path):
      let dataset = try loadIDX(part, in: path)
      if let shape, dataset.shape != shape {
        throw Failure("\(path): the network takes pictures of \(shape), found \(dataset.shape)")
      }
      return dataset
    case .parts:
      let training = try LabelFolders(folder.path + "/" + DataPart.training.folderName)
      let shape = try shape ?? firstShape(of: training)
      if part == .training {
        return try load(training.all, names: training.labelNames, shape: shape)
      }
      let test = try LabelFolders(folder.path + "/" + DataPart.test.folderName)
      return try load(
        test.entries(labelled: training.labelNames), names: training.labelNames, shape: shape)
    case .labels:
      let labels = try LabelFolders(folder.path)
      let entries = labels.split(part)
      if entries.isEmpty {
        throw Failure("\(folder.path): a label needs two pictures for one to be in the test set")
      }
      return try load(entries, names: labels.labelNames, shape: shape ?? firstShape(of: labels))
    }
  }

  /// Loads pictures and labels from IDX files. Labels are named by their numbers.
  private func loadIDX(_ part: DataPart, in folder: String) throws -> Dataset {
    let picturesPath = try idxPath(part, "images-idx3-ubyte", in: folder)
    let labelsPath = try idxPath(part, "labels-idx1-ubyte", in: folder)
    let files = UnpackedFile(cache: cache)
    let pictures = try files.map(picturesPath)
    let labels = try files.map(labelsPath)
    do {
      _ = try IDX.pictures(pictures)
    } catch {
      throw Failure("\(picturesPath): \(error.words)")
    }
    do {
      return try IDX.dataset(pictures: pictures, labels: labels)
    } catch {
      throw Failure("\(labelsPath): \(error.words)")
    }
  }

  private func idxPath(_ part: DataPart, _ content: String, in folder: String) throws -> String {
    let names = DataFolder.idxNames(part, content)
    let paths = names.map { folder + "/" + $0 }
    guard let path = paths.first(where: { Folder.kind(of: $0) == .file }) else {
      throw Failure("no \(names[0]) (or .gz) in \(folder): the \(part.rawValue) set is not there")
    }
    return path
  }

  private func firstShape(of folders: LabelFolders) throws -> Shape {
    let picture = try PictureDecoder.read(folders.all[0].path)
    return Shape(
      height: picture.shape.height, width: picture.shape.width, channels: picture.colourChannels)
  }

  /// Decodes pictures and brings them to one shape.
  private func load(_ entries: [LabelFolders.Entry], names: [String], shape: Shape) throws
    -> Dataset
  {
    let fitting = PictureFitting(shape: shape, isResizing: self.shape != nil)
    var pixels = Data(capacity: entries.count * shape.count)
    var resized = 0
    for entry in entries {
      try Interruption.check()
      let picture = try PictureDecoder.read(entry.path)
      do {
        let fitted = try fitting.fit(picture)
        pixels.append(contentsOf: fitted.picture.pixels)
        resized += fitted.warnings.isEmpty ? 0 : 1
      } catch {
        throw Failure("\(entry.path): \(error)")
      }
    }
    if resized > 0 {
      warn(
        "\(NumberFormat.grouped(resized)) of \(NumberFormat.grouped(entries.count)) pictures "
          + "resized to \(shape.height)x\(shape.width)")
    }
    return try Dataset(
      shape: shape, pixels: pixels, labels: entries.map { UInt8($0.label) }, labelNames: names)
  }
}
