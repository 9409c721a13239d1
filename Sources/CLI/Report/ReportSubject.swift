import Export
import Foundation
import Network
import Train

/// What a report is about: runs of one network, the pictures held out of its training, and the model file made of it.
struct ReportSubject {
  /// The first is looked at closely, the others' scores and curves are set beside it; at least one.
  let runs: [ReportRun]
  /// The pictures held out.
  let validation: Dataset
  /// The number of pictures that these leave to train on.
  let trainingCount: Int
  /// A model file and its name, if one is looked at, too.
  let model: (file: HostModel, name: String, evaluation: ModelEvaluation)?
  /// Where the training pictures lie in the data folder; nil where they are in one file.
  let paths: [String]?

  /// Reads checkpoints, pictures and a model file, and asks all networks.
  /// - Parameters:
  ///   - checkpoints: paths, at least one.
  ///   - folder: the data whose validation split is looked at.
  ///   - source: where unpacked data is kept.
  ///   - model: the path of a model file.
  ///   - threads: changes the time only.
  /// - Throws: `FileError`, or a `Failure` that names the file.
  init(
    _ checkpoints: [String], data folder: DataFolder, _ source: DataSource, model: String?,
    threads: Int
  ) throws {
    let read = try checkpoints.map(NetworkFile.checkpoint)
    if let other = read.firstIndex(where: { $0.network.text != read[0].network.text }) {
      throw Failure("\(checkpoints[other]): holds another network than \(checkpoints[0])")
    }
    let loader = DatasetLoader(cache: source.cache, shape: read[0].network.input)
    let (training, validation) = try loader.loadSplit(from: folder)
    self.validation = validation
    trainingCount = training.count
    paths = try folder.trainingPaths()
    runs = try zip(read, checkpoints).map { checkpoint, path in
      try ReportRun(checkpoint, path, on: validation, threads: threads)
    }
    self.model = try model.map { path in
      let file = try NetworkFile.model(path)
      do {
        _ = try LayerComparison(of: file, with: read[0].network)
        let evaluation = try ModelEvaluation(of: file, on: validation, threads: threads)
        return (file, (path as NSString).lastPathComponent, evaluation)
      } catch let error where error is Failure || error is ExportError {
        throw Failure("\(path): \(error)")
      }
    }
  }

  /// The run looked at closely.
  var run: ReportRun { runs[0] }

  /// Its network.
  var network: Network { run.checkpoint.network }

  /// What each answer of the network is called.
  var answerNames: [String] {
    let names = run.checkpoint.labels ?? validation.labelNames
    return (run.evaluation.confusion.first ?? []).indices.map { Labels.name($0, of: names) }
  }

  /// Which of the training pictures a validation picture is.
  func pictureName(_ index: Int) -> String {
    let position = validation.originalPosition(of: index)
    return paths.map { $0[position] } ?? "training picture \(position)"
  }

  /// A run's name where there are several: its seed if the seeds differ, else its file, with the folder if that is all that differs.
  func name(of run: ReportRun) -> String {
    let seeds = runs.compactMap { $0.checkpoint.metadata["seed"] }
    if Set(seeds).count == runs.count, let seed = run.checkpoint.metadata["seed"] {
      return "seed \(seed)"
    }
    return Set(runs.map(\.fileName)).count == runs.count ? run.fileName : run.path
  }
}

extension DataFolder {
  /// The training pictures' places in the folder, in the order in which they are loaded; nil for IDX files.
  fileprivate func trainingPaths() throws -> [String]? {
    let entries: [LabelFolders.Entry]
    switch layout {
    case .idx: return nil
    case .parts:
      entries = try LabelFolders(path + "/" + DataPart.training.folderName).all
    case .labels: entries = try LabelFolders(path).split(.training)
    }
    return entries.map { String($0.path.dropFirst(path.count + 1)) }
  }
}
