import Network

extension TrainingState {
  /// Checks that it is of a run with this network, recipe, seed and teacher, which began with these parameters, if there are
  /// any.
  /// - Throws: `TrainingError.otherRun`.
  func check(
    isOf network: Network, _ recipe: Recipe, seed: UInt64, teacher: Network?
  ) throws(TrainingError) {
    guard self.network.text == network.text else {
      throw .otherRun(
        what: "network", expected: network.summary, found: self.network.summary)
    }
    guard self.recipe == recipe else {
      let (expected, found) = recipe.firstDifference(from: self.recipe)
      throw .otherRun(what: "recipe", expected: expected, found: found)
    }
    guard self.seed == seed else {
      throw .otherRun(what: "seed", expected: "\(seed)", found: "\(self.seed)")
    }
    let origins = [
      ("teacher", teacher?.fingerprint, self.teacher),
      ("network to begin with", network.hasParameters ? network.fingerprint : nil, start),
    ]
    for (what, expected, found) in origins where expected != found {
      throw .otherRun(what: what, expected: Self.name(expected), found: Self.name(found))
    }
  }

  private static func name(_ fingerprint: UInt64?) -> String {
    fingerprint.map { "fingerprint \($0)" } ?? "none"
  }
}

extension Network {
  /// A network in a few words, for a message.
  fileprivate var summary: String {
    "\(input) to \(output) in \(layers.count) layers with \(parameterCount) parameters"
  }
}

extension Recipe {
  /// The first line in which two recipes differ.
  fileprivate func firstDifference(from other: Recipe) -> (String, String) {
    let lines = zip(text.split(separator: "\n"), other.text.split(separator: "\n"))
    guard let pair = lines.first(where: { $0 != $1 }) else { return ("", "") }
    return (String(pair.0), String(pair.1))
  }
}
