import Train

/// The pictures that a search learns from and is judged by. There is no test set among them.
struct SearchPictures {
  let training: Dataset
  let validation: Dataset

  /// Loads a folder's training pictures, and splits them.
  init(_ folder: DataFolder, cache: CacheFolder) throws {
    (training, validation) = try DatasetLoader(cache: cache).loadSplit(from: folder)
  }

  /// What they are, and the beginnings of their checksums.
  var summary: String {
    "\(training.count) training and \(validation.count) validation pictures of "
      + "\(training.shape) with \(training.labelNames.count) labels, SHA-256 "
      + "\(training.digest.prefix(12)) and \(validation.digest.prefix(12))"
  }
}
