import Foundation
import Network
import Train

/// A trained checkpoint with its history, and what it says to the validation pictures.
struct ReportRun {
  /// The checkpoint's path as the user gave it.
  let path: String
  let checkpoint: Checkpoint
  /// Nil where there is none beside the checkpoint, or another run's.
  let history: TrainingHistory?
  /// Whether it is another run's.
  let hasOtherHistory: Bool
  let evaluation: Evaluation

  /// Asks the checkpoint that was read from `path`, and reads the history beside it.
  /// - Throws: `FileError`, or a `Failure` that names the file.
  init(_ checkpoint: Checkpoint, _ path: String, on validation: Dataset, threads: Int) throws {
    self.path = path
    self.checkpoint = checkpoint
    let last = checkpoint.metadata[Fitting.lastEpochKey].flatMap { Int($0) }
    let found = try TrainingHistory(of: path)?.upTo(last)
    hasOtherHistory = found.map { !$0.isOf(checkpoint) } ?? false
    history = hasOtherHistory ? nil : found
    do throws(TrainingError) {
      evaluation = try Evaluation(of: checkpoint.network, on: validation, threads: threads)
    } catch { throw Failure("\(path): \(error)") }
  }

  /// The checkpoint's name, without its folder.
  var fileName: String { (path as NSString).lastPathComponent }

  /// How it was trained, if the checkpoint says so.
  var recipe: Recipe? { checkpoint.metadata["recipe"].flatMap { try? Recipe(text: $0) } }

  /// How many pictures it was trained on, if the checkpoint says so.
  var trainingCount: Int? {
    checkpoint.metadata[Fitting.picturesKey].flatMap { Int32($0.prefix { $0 != " " }) }.map(
      Int.init)
  }

  /// The epoch whose weights these are.
  var keptEpoch: Int? {
    checkpoint.metadata[Fitting.epochKey].flatMap { Int($0) } ?? history?.lines.last?.epoch
  }

  var interval: WilsonInterval? { WilsonInterval(evaluation.correct, of: evaluation.count) }
}
