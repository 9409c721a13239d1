import Foundation

/// Where the files of a search lie.
struct SearchFolder {
  /// The folder, as the user gave it.
  let path: String

  /// What a trial leaves.
  enum TrialFile: String, CaseIterable {
    /// The network's text.
    case network = "txt"
    case recipe
    case checkpoint = "safetensors"
    case model = "thimble"
    /// What training goes on from; gone once there is no more to do.
    case state
  }

  /// The results.
  var database: String { file("search.sqlite") }
  /// The whole space, defaults included.
  var space: String { file("space.txt") }
  var picture: String { file("front.svg") }
  /// The model file of the best trial.
  var best: String { file("best.thimble") }

  func file(_ name: String) -> String { (path as NSString).appendingPathComponent(name) }

  func file(_ kind: TrialFile, of trial: Int) -> String { file("\(trial).\(kind.rawValue)") }

  /// Removes what a process that was killed may have left half written. Only for whoever holds the lock.
  func removeRemains() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in names where name.hasPrefix(OutputFile.hiddenPrefix) {
      try? FileManager.default.removeItem(atPath: file(name))
    }
  }
}
