import Network

/// Prepares the pictures of batches: reads and varies them, mixes them with others, and asks the teacher about them. What
/// becomes of a picture follows from the seed, the epoch and its place, not from who prepares it.
final class BatchLoader: @unchecked Sendable {
  /// Which pictures a batch holds.
  struct Batch {
    var dataset: Dataset
    /// Positions in the dataset.
    var positions: ArraySlice<Int32>
    /// Counted from 0.
    var epoch: Int
  }

  private let seed: UInt64
  private let mixup: Float
  private let labelCount: Int
  /// The number of floats from a pixel to the next.
  private let stride: Int
  /// One a thread.
  private let loaders: [PictureLoader]
  /// Each thread's room for the picture that another is mixed with.
  private let others: [Memory<Float>]
  /// What is wanted of each picture, (batch, labels); nil where pictures aren't mixed.
  let mix: Memory<Float>?
  private let teacher: Teacher?

  init(
    _ network: Network, _ recipe: Recipe, seed: UInt64, threads: Int, stride: Int, teacher: Teacher?
  ) {
    self.seed = seed
    self.stride = stride
    self.teacher = teacher
    mixup = recipe.mixup
    labelCount = network.logitsShape.channels
    loaders = (0..<threads).map { _ in
      PictureLoader(shape: network.input, augmentation: recipe.augmentation)
    }
    let isMixing = recipe.mixup > 0
    others = (0..<(isMixing ? threads : 0)).map { _ in
      Memory(count: network.input.pixelCount * stride)
    }
    mix = isMixing ? Memory(count: recipe.batch * network.logitsShape.channels) : nil
  }

  /// Writes the values of the picture `index` of a batch, height x width x channels, `stride` floats a pixel.
  /// - Returns: its label.
  func load(
    _ index: Int, of batch: Batch, into values: UnsafeMutablePointer<Float>, worker: Int
  ) -> Int {
    let label = read(index, of: batch, into: values, worker: worker)
    if let mix {
      mixPicture(index, label, of: batch, into: values, worker, wanted: mix)
    }
    teacher?.look(at: values, stride: stride, index: index, worker: worker)
    return label
  }

  /// Reads and varies a picture.
  private func read(
    _ index: Int, of batch: Batch, into values: UnsafeMutablePointer<Float>, worker: Int
  ) -> Int {
    let position = Int(batch.positions[batch.positions.startIndex + index])
    batch.dataset.withPicture(at: position) { pixels in
      loaders[worker].load(
        pixels, random: SplitMix(seed: seed, RandomStream.picture, batch.epoch, position),
        into: values, stride: stride)
    }
    return batch.dataset.label(at: position)
  }

  /// Blends a picture with the next of its batch, whose order is random, and writes what is wanted of the two.
  private func mixPicture(
    _ index: Int, _ label: Int, of batch: Batch, into values: UnsafeMutablePointer<Float>,
    _ worker: Int, wanted: Memory<Float>
  ) {
    let position = Int(batch.positions[batch.positions.startIndex + index])
    var random = SplitMix(seed: seed, RandomStream.mix, batch.epoch, position)
    let drawn = random.beta(mixup)
    let share = min(drawn, 1 - drawn)
    let other = others[worker]
    let otherLabel = read(
      (index + 1) % batch.positions.count, of: batch, into: other.start, worker: worker)
    for place in 0..<other.count {
      values[place] += share * (other.start[place] - values[place])
    }
    let target = wanted.start + index * labelCount
    target.update(repeating: 0, count: labelCount)
    target[label] += 1 - share
    target[otherLabel] += share
  }
}
