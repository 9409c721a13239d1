import Network

extension Checkpoint {
  /// What each label is called, if the trainer wrote it down.
  var labels: [String]? {
    metadata["labels"].map { $0.split(separator: "\n").map(String.init) }
  }
}
