import Export
import Network
import Train

/// Judges networks on grids by the model files that are made of them.
final class FileJudge: Judge {
  private let threads: Int
  private let sizer: FileSizer

  /// Creates a judge by files with these options, which count only where the size of the file does.
  init(threads: Int, options: ExportOptions = ExportOptions()) {
    self.threads = threads
    sizer = FileSizer(options)
  }

  func verdict(
    on network: Network, with validation: Dataset
  ) throws(TrainingError) -> Verdict {
    let size = try size(of: network)
    return Verdict(
      correct: try network.exportedCorrect(on: validation, threads: threads),
      byteCount: size.byteCount)
  }

  func size(of network: Network) throws(TrainingError) -> CodedSize {
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
