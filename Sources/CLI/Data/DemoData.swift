import Foundation
import Train

/// Data for those who have none: `THIMBLE_DATA`, else an MNIST downloaded before, else one downloaded now, else digits
/// drawn by program.
struct DemoData {
  /// To learn from.
  let training: Dataset
  /// To report on.
  let test: Dataset
  /// What it is and where it comes from, in one line.
  let origin: String
  /// Where it lies; nil for drawn digits, which lie nowhere.
  let folder: String?

  /// Loads it.
  /// - Parameters:
  ///   - source: The environment; a `THIMBLE_DATA` that is set and wrong is refused.
  ///   - downloader: Where MNIST comes from.
  ///   - generatedCount: How many digits are drawn to learn from; a tenth as many to report on.
  ///   - say: Told, in one line, why digits are drawn instead of downloaded.
  /// - Returns: Both parts.
  /// - Throws: `FileError` or `Failure` where data that is there isn't right.
  static func load(
    _ source: DataSource, downloader: Downloader, generatedCount: Int = 20_000,
    say: (String) -> Void = { StandardError.note($0) }
  ) async throws -> DemoData {
    let loader = DatasetLoader(cache: source.cache)
    if let path = source.named {
      return try DemoData(loader, DataFolder(path), origin: "the data in \(path)")
    }
    if !downloader.isComplete(in: source.downloaded) {
      do {
        try await downloader.download(into: source.downloaded)
      } catch let error where error is Failure || error is FileError {
        say("\(error)")
        say("MNIST is not to be had, so this run uses digits drawn by program")
        return DemoData(
          training: GeneratedDigits.dataset(count: generatedCount, seed: 1),
          test: GeneratedDigits.dataset(count: generatedCount / 10, seed: 2),
          origin: "digits drawn by program, not handwriting", folder: nil)
      }
    }
    return try DemoData(loader, DataFolder(source.downloaded), origin: "MNIST")
  }

  private init(training: Dataset, test: Dataset, origin: String, folder: String?) {
    self.training = training
    self.test = test
    self.origin = origin
    self.folder = folder
  }

  private init(_ loader: DatasetLoader, _ folder: DataFolder, origin: String) throws {
    training = try loader.load(.training, from: folder)
    test = try loader.load(.test, from: folder)
    self.origin = origin
    self.folder = folder.path
  }
}
