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
  /// How many labels can be told apart, if that is known; more are refused.
  var labelCount: Int?
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
      let path = folder.path + "/" + DataPart.training.folderName
      let training = try LabelFolders(path)
      try check(training, path)
      let shape = try shape ?? firstShape(of: training)
      if part == .training {
        return try load(training.all, names: training.labelNames, shape: shape)
      }
      let test = try LabelFolders(folder.path + "/" + DataPart.test.folderName)
      return try load(
        test.entries(labelled: training.labelNames), names: training.labelNames, shape: shape)
    case .labels:
      let labels = try LabelFolders(folder.path)
      try check(labels, folder.path)
      let entries = labels.split(part)
      if entries.isEmpty {
        throw Failure("\(folder.path): a label needs two pictures for one to be in the test set")
      }
      return try load(entries, names: labels.labelNames, shape: shape ?? firstShape(of: labels))
    }
  }

  /// Loads the training pictures, and holds the validation split out.
  /// - Throws: `FileError`, or a `Failure` that names the file, or the folder whose pictures are too few for a split.
  func loadSplit(from folder: DataFolder) throws -> (training: Dataset, validation: Dataset) {
    let (training, validation) = try load(.training, from: folder).splitForValidation()
    guard validation.count > 0 else {
      throw Failure(
        "\(folder.path): \(training.count) training pictures are too few; the validation split "
          + "takes one in \(Dataset.validationStride)")
    }
    return (training, validation)
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
    try check(labels, labelsPath)
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

extension DatasetLoader {
  /// A loader of what a network learns from.
  init(cache: CacheFolder, network: Network, warn: @escaping (String) -> Void) {
    self.init(cache: cache, shape: network.input, warn: warn)
    // An output of more than a pixel has no labels, and is refused elsewhere.
    let output = network.logitsShape
    if output.height == 1, output.width == 1 { labelCount = output.channels }
  }

  /// Refuses the first of an IDX file's labels that is too large.
  private func check(_ labels: Data, _ path: String) throws {
    guard let labelCount, let values = try? IDX.labels(labels),
      let bad = values.firstIndex(where: { $0 >= labelCount })
    else { return }
    throw Failure(
      "\(path): picture \(bad) has label \(values[bad]), the network tells 0 to \(labelCount - 1) apart"
    )
  }

  /// Refuses more folders of labels than can be told apart.
  private func check(_ folders: LabelFolders, _ path: String) throws {
    guard let labelCount, folders.labelNames.count > labelCount else { return }
    throw Failure(
      "\(path): holds folders of \(folders.labelNames.count) labels, the network tells \(labelCount) apart"
    )
  }
}

extension Dataset {
  /// The labels that no picture has, as `label 7` or `labels 3, 7`; nil if there are none.
  var missingLabels: String? {
    let found = Set((0..<count).map(label(at:)))
    let missing = labelNames.indices.filter { !found.contains($0) }.map { labelNames[$0] }
    guard !missing.isEmpty else { return nil }
    return (missing.count == 1 ? "label " : "labels ") + missing.joined(separator: ", ")
  }
}
