import Export
import Network
import Train

extension Trainer {
  /// Lets weights on grids be judged by the model file that is made of them.
  func judgeByFile(threads: Int) {
    judge = { network, validation throws(TrainingError) in
      try network.exportedCorrect(on: validation, threads: threads)
    }
  }
}

extension Network {
  /// The number of pictures that the model file made of the network is right on, whose weights and ranges are what the
  /// network was trained for.
  /// - Throws: `TrainingError` where no file can be made of it, or the pictures don't fit.
  func exportedCorrect(on dataset: Dataset, threads: Int) throws(TrainingError) -> Int {
    do {
      // The samples only tell how far the file departs, which nobody asks here.
      let noise = Dataset.noise(shape: input, count: 1, seed: 1)
      let result = try Exporter.export(self, samples: samples(of: noise, at: 0..<1))
      return try ModelEvaluation(
        of: HostModel(result.file), on: dataset, threads: threads, stopsOnRequest: false
      ).correct
    } catch { throw .notScored("\(error)") }
  }
}
