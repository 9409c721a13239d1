import Export
import Network
import Search
import Train

/// Makes model files of trials, before and after they are trained, by the same options: a file's size and RAM follow from
/// shapes, so that what doesn't fit is known before anything is trained.
struct TrialExport {
  private let training: Dataset
  private let seed: UInt64
  private let foreground: PictureFitting.Foreground?

  /// Exports trials that are fitted to these pictures.
  init(training: Dataset, seed: UInt64) {
    self.training = training
    self.seed = seed
    let pictures = training.spreadPositions(Network.sampleCount).map { position in
      Sample(pixels: training.withPicture(at: position) { Array($0) }, activations: [])
    }
    foreground = PictureFitting.Foreground(of: pictures, shape: training.shape)
  }

  /// How a trial is told from others in what is made of it.
  func command(_ trial: Int) -> String { "thimble search --seed \(seed), trial \(trial)" }

  /// The model file of a network with seeded weights.
  /// - Throws: `ExportError` where it can't be exported.
  func untrained(_ network: Network, trial: Int, weights: WeightGrid) throws -> ExportResult {
    let untrained = network.untrained(seed: seed)
    let noise = Dataset.noise(shape: network.input, count: 8, seed: seed)
    let samples = try untrained.samples(of: noise, at: 0..<noise.count)
    return try Exporter.export(
      untrained, samples: samples, options: options(trial: trial, weights: weights))
  }

  /// The model file of a trained network with its activations.
  /// - Throws: `ExportError` where it can't be exported.
  func trained(_ network: Network, trial: Int, weights: WeightGrid) throws -> ExportResult {
    let positions = training.spreadPositions(Network.sampleCount)
    return try Exporter.export(
      network, samples: try network.samples(of: training, at: positions),
      options: options(trial: trial, weights: weights))
  }

  private func options(trial: Int, weights: WeightGrid) -> ExportOptions {
    var options = ExportOptions()
    options.weights = weights
    // Used in place: how far weights can be deflated is known only once they are trained.
    options.encoding = weights == .int8 ? .raw : .packed
    options.labels = training.labelNames
    options.source = command(trial)
    options.foreground = foreground?.rawValue
    return options
  }
}

extension ExportReport {
  /// What the model takes.
  var footprint: Footprint {
    Footprint(
      fileBytes: fileByteCount, ramBytes: arenaByteCount + weightRAMByteCount, macs: macs)
  }
}
