import Foundation
import Network
import Train

/// The epochs of a run, as the file beside its checkpoint tells them: a JSON object a line.
struct TrainingHistory {
  /// An epoch.
  struct Line: Codable, Equatable {
    var epoch: Int
    var loss: Double
    var accuracy: Double
    var validation_accuracy: Double?
    /// Not told where it isn't finite, or isn't known.
    var validation_loss: Double?
    /// Told where the recipe prunes.
    var pruned_share: Double?
    /// Told where the recipe has a byte budget.
    var file_bytes: Int?
    var images_per_second: Double
    var seconds: Double

    /// A recipe has no more.
    fileprivate static let lastEpoch = 1_000_000
    /// Beyond what any run comes to: in loss, and in anything else.
    fileprivate static let largestLoss = 1e39
    fileprivate static let largest = 1e12
  }

  /// From the first epoch on.
  let lines: [Line]

  /// Where the history of a checkpoint lies.
  static func path(of checkpoint: String) -> String { checkpoint + ".history.jsonl" }

  /// Reads the history beside a checkpoint; nil where there is none.
  /// - Throws: `FileError`, or a `Failure` that names the file and the line that is none.
  init?(of checkpoint: String) throws {
    let path = Self.path(of: checkpoint)
    guard Folder.kind(of: path) == .file else { return nil }
    let text = String(decoding: try InputFile.read(path), as: UTF8.self)
    var lines: [Line] = []
    for (index, text) in text.split(whereSeparator: \.isNewline).enumerated() {
      let place = "\(path): line \(index + 1)"
      guard let line = try? JSONDecoder().decode(Line.self, from: Data(text.utf8)) else {
        throw Failure(
          "\(place): expected an object with epoch, loss, accuracy, images_per_second and seconds, "
            + "found '\(text.prefix(60))'")
      }
      guard line.hasSoundNumbers else {
        throw Failure(
          "\(place): expected an epoch up to \(Line.lastEpoch), accuracies in 0 ... 1 and other "
            + "numbers in 0 ... \(Line.largest), of loss \(Line.largestLoss)")
      }
      // Runs of earlier builds that were killed may have a gap.
      let least = (lines.last?.epoch ?? 0) + 1
      guard line.epoch >= least else {
        throw Failure("\(place): expected an epoch from \(least), found \(line.epoch)")
      }
      lines.append(line)
    }
    self.lines = lines
  }

  private init(lines: [Line]) { self.lines = lines }

  /// Without the epochs after one, if it is given: lines may be ahead of the state that they lie beside.
  func upTo(_ epoch: Int?) -> TrainingHistory {
    guard let epoch else { return self }
    return TrainingHistory(lines: lines.filter { $0.epoch <= epoch })
  }

  /// Whether it can be that of the run that made the checkpoint: a later one may have been killed before it put its own in place.
  func isOf(_ checkpoint: Checkpoint) -> Bool {
    guard checkpoint.metadata["recipe"] != nil, let last = lines.last else { return true }
    let kept = checkpoint.metadata[Fitting.epochKey].flatMap { Int($0) } ?? last.epoch
    let accuracy = checkpoint.metadata[Fitting.accuracyKey].flatMap { Double($0) }
    let epochs =
      checkpoint.metadata[Fitting.lastEpochKey].flatMap { Int($0) }
      ?? checkpoint.metadata["recipe"].flatMap { try? Recipe(text: $0) }?.epochs
    return epochs == last.epoch
      && lines.contains {
        $0.epoch == kept && (accuracy == nil || $0.validation_accuracy == accuracy)
      }
  }

  /// Seconds of training, without validation.
  var seconds: Double { lines.reduce(0) { $0 + $1.seconds } }

  /// Training pictures a second, over all epochs; nil where no time was told.
  var picturesPerSecond: Double? {
    let pictures = lines.reduce(0) { $0 + $1.images_per_second * $1.seconds }
    return seconds > 0 ? pictures / seconds : nil
  }
}

extension TrainingHistory.Line {
  /// What an epoch came to.
  init(_ epoch: EpochProgress) {
    self.init(
      epoch: epoch.epoch, loss: epoch.loss, accuracy: epoch.accuracy,
      validation_accuracy: epoch.validationAccuracy,
      validation_loss: epoch.validationLoss.flatMap { $0.isFinite ? $0 : nil },
      pruned_share: epoch.prunedShare, file_bytes: epoch.byteCount,
      images_per_second: epoch.picturesPerSecond, seconds: epoch.seconds)
  }

  /// The line, its end included.
  var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
  }

  fileprivate var hasSoundNumbers: Bool {
    let shares = [accuracy, validation_accuracy ?? 0, pruned_share ?? 0]
    let losses = [loss, validation_loss ?? 0]
    let amounts = [Double(file_bytes ?? 0), images_per_second, seconds]
    return epoch <= Self.lastEpoch && shares.allSatisfy { (0...1).contains($0) }
      && losses.allSatisfy { (0...Self.largestLoss).contains($0) }
      && amounts.allSatisfy { (0...Self.largest).contains($0) }
  }
}
