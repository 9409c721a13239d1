import Network

/// What a network's answers are called.
enum Labels {
  /// The name of an answer; a number where there are no names.
  static func name(_ index: Int, of names: [String]?) -> String {
    guard let names else { return "\(index)" }
    return names.indices.contains(index) ? names[index] : "output \(index)"
  }
}

extension Checkpoint {
  /// What each label is called, if the trainer wrote it down.
  var labels: [String]? {
    metadata["labels"].map { $0.split(separator: "\n").map(String.init) }
  }
}
