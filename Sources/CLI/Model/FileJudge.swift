import Export
import Network
import Train

/// Judges networks on grids by the model files that are made of them.
final class FileJudge: Judge {
  /// The room in a file for the command that made its checkpoint: with names of files as people give them.
  private static let commandByteCount = 128

  private let threads: Int
  /// Of the file as it becomes.
  private let exact: FileSizer
  /// Of a file with the same room for any command: how files are called must not change what is learned.
  private let roomy: FileSizer

  /// Creates a judge by files with these options, which count only where the size of the file does.
  init(threads: Int, options: ExportOptions = ExportOptions()) {
    self.threads = threads
    exact = FileSizer(options)
    var options = options
    options.source = String(repeating: " ", count: Self.commandByteCount)
    roomy = FileSizer(options)
  }

  func verdict(
    on network: Network, with validation: Dataset
  ) throws(TrainingError) -> Verdict {
    Verdict(
      correct: try network.exportedCorrect(on: validation, threads: threads),
      byteCount: try exactSize(of: network).byteCount)
  }

  func size(of network: Network) throws(TrainingError) -> CodedSize {
    try size(of: network, by: roomy)
  }

  /// The size of the file with the command that it has.
  /// - Throws: `TrainingError.notScored` where there can be no file.
  func exactSize(of network: Network) throws(TrainingError) -> CodedSize {
    try size(of: network, by: exact)
  }

  private func size(
    of network: Network, by sizer: FileSizer
  ) throws(TrainingError) -> CodedSize {
    do throws(ExportError) {
      return try sizer.size(of: network)
    } catch { throw .notScored("\(error)") }
  }
}

extension ExportOptions {
  /// What `thimble export --calibration` makes of a checkpoint that learned from these pictures.
  init(_ training: Dataset, command: String) {
    self.init()
    labels = training.labelNames
    source = command
    let samples = training.spreadPositions(Network.sampleCount).map { position in
      Sample(pixels: training.withPicture(at: position) { Array($0) }, activations: [])
    }
    foreground = PictureFitting.Foreground(of: samples, shape: training.shape)?.rawValue
  }
}

extension Network {
  /// The number of pictures that the model file made of the network is right on, whose weights and ranges are what the
  /// network was trained for.
  /// - Throws: `TrainingError` where no file can be made of it, or the pictures don't fit.
  func exportedCorrect(on dataset: Dataset, threads: Int) throws(TrainingError) -> Int {
    do {
      // The samples only tell how far the file departs, which nobody asks here.
      let noise = Dataset.noise(shape: input, count: 1, seed: 1)
      let result = try Exporter.export(self, samples: samples(of: noise, at: 0..<1))
      return try ModelEvaluation(
        of: HostModel(result.file), on: dataset, threads: threads, stopsOnRequest: false
      ).correct
    } catch { throw .notScored("\(error)") }
  }
}
