import Export
import Foundation
import Synchronization
import TinyRuntime
import Train

/// How well a model file tells a dataset's labels apart.
struct ModelEvaluation {
  /// `confusion[label][answer]`.
  private(set) var confusion: [[Int]]
  /// The number of pictures.
  let count: Int

  /// The number of right answers.
  var correct: Int { confusion.indices.reduce(0) { $0 + confusion[$1][$1] } }
  /// The share of right answers.
  var accuracy: Double { Double(correct) / Double(count) }

  /// Runs every picture of `dataset`, split over threads, which changes nothing but the time. It stops where someone asks
  /// for that, unless it is part of something that must be finished.
  /// - Throws: `Failure` where pictures or labels don't fit the model, `Interrupted`.
  init(of model: HostModel, on dataset: Dataset, threads: Int, stopsOnRequest: Bool = true) throws {
    guard dataset.shape == model.inputShape else {
      throw Failure("the model takes pictures of \(model.inputShape), found \(dataset.shape)")
    }
    guard dataset.labelNames.count <= model.labelCount else {
      throw Failure(
        "the model tells \(model.labelCount) labels apart, found \(dataset.labelNames.count)")
    }
    count = dataset.count
    let empty = [[Int]](
      repeating: [Int](repeating: 0, count: model.labelCount), count: dataset.labelNames.count)
    let total = Mutex(empty)
    let file = model.file
    let bar = ProgressBar("evaluating", total: dataset.count, unit: "pictures")
    let done = Atomic<Int>(0)
    let threads = max(1, min(threads, dataset.count))
    Interruption.polled {
      DispatchQueue.concurrentPerform(iterations: threads) { thread in
        // The file loaded once already.
        guard let model = try? HostModel(file) else { return }
        var confusion = empty
        for index in dataset.count * thread / threads..<dataset.count * (thread + 1) / threads {
          if stopsOnRequest, Interruption.isRequested { return }
          let output = dataset.withPicture(at: index) { model.run(pixels: Array($0)) }
          confusion[dataset.label(at: index)][model.label(of: output)] += 1
          bar.update(done.add(1, ordering: .relaxed).newValue)
        }
        total.withLock { sum in
          for row in sum.indices {
            for column in sum[row].indices { sum[row][column] += confusion[row][column] }
          }
        }
      }
    }
    if stopsOnRequest { try Interruption.check() }
    confusion = total.withLock { $0 }
  }
}
