/// Adds up an epoch's losses and hits, and knows how fast it goes.
struct EpochMeter {
  private let epoch: Int
  private let epochs: Int
  private let batches: Int
  private let batchSize: Int
  private let start = ContinuousClock.now
  private var batch = 0
  private var loss = 0.0
  private var correct = 0

  init(epoch: Int, epochs: Int, batches: Int, batchSize: Int) {
    self.epoch = epoch
    self.epochs = epochs
    self.batches = batches
    self.batchSize = batchSize
  }

  /// Counts one batch.
  mutating func add(loss: Double, correct: Int) {
    batch += 1
    self.loss += loss
    self.correct += correct
  }

  /// The pictures seen.
  private var pictures: Double { Double(batch * batchSize) }

  private var seconds: Double {
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }

  /// How far it is.
  var progress: BatchProgress {
    let seconds = seconds
    let left = (epochs - epoch) * batches - batch
    return BatchProgress(
      epoch: epoch + 1, epochs: epochs, batch: batch, batches: batches,
      loss: loss / pictures, accuracy: Double(correct) / pictures,
      picturesPerSecond: pictures / seconds, secondsLeft: Double(left) * seconds / Double(batch))
  }

  /// What it came to.
  var report: EpochProgress {
    let seconds = seconds
    return EpochProgress(
      epoch: epoch + 1, epochs: epochs, loss: loss / pictures,
      accuracy: Double(correct) / pictures, picturesPerSecond: pictures / seconds,
      seconds: seconds)
  }
}
