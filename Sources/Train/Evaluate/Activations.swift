import Network

extension Network {
  /// The number of pictures that activation ranges are recorded from.
  public static let recordedPictures = 512

  /// Runs the network, as after training, over the pictures at `positions`, and hands over each
  /// layer's output: the layer's index, the picture's position, and the values, height x width x
  /// channels, valid during the call. Pictures come in the order of `positions`, and each picture's
  /// layers in order.
  /// - Throws: `TrainingError` where the pictures don't have the network's input shape.
  public func forEachActivation(
    of dataset: Dataset, at positions: some Collection<Int>,
    _ visit: (_ layer: Int, _ position: Int, _ values: UnsafeBufferPointer<Float>) -> Void
  ) throws(TrainingError) {
    guard dataset.shape == input else {
      throw .pictureShape(expected: input, found: dataset.shape)
    }
    let forward = Forward(self, threads: 1)
    let largest = shapes.reduce(0) { max($0, $1.count) }
    var values = [Float](repeating: 0, count: largest)
    let seat = forward.seat(0)
    for position in positions {
      forward.infer(dataset, at: position, in: seat)
      for (layer, shape) in shapes.enumerated() {
        values.withUnsafeMutableBufferPointer {
          let run = UnsafeMutableBufferPointer(rebasing: $0[..<shape.count])
          forward.copy(layer: layer, from: seat, to: run)
          visit(layer, position, UnsafeBufferPointer(run))
        }
      }
    }
  }

  /// The network with histograms of every layer's output over up to `recordedPictures` pictures,
  /// spread evenly over the dataset.
  /// - Throws: `TrainingError` where the pictures don't have the network's input shape.
  public func recordingActivations(of dataset: Dataset) throws(TrainingError) -> Network {
    let count = min(dataset.count, Self.recordedPictures)
    let positions = (0..<count).map { $0 * dataset.count / count }
    var ranges = [(minimum: Float, maximum: Float)](
      repeating: (.infinity, -.infinity), count: layers.count)
    try forEachActivation(of: dataset, at: positions) { layer, _, values in
      var (minimum, maximum) = ranges[layer]
      for value in values {
        minimum = min(minimum, value)
        maximum = max(maximum, value)
      }
      ranges[layer] = (minimum, maximum)
    }
    for (layer, range) in zip(layers, ranges)
    where
      !(range.minimum.isFinite && range.maximum.isFinite
      && (range.maximum - range.minimum).isFinite)
    {
      throw .activation(layer: layer.name)
    }
    let bins = ActivationHistogram.binCount
    var counts = [[Float]](
      repeating: [Float](repeating: 0, count: bins), count: layers.count)
    try forEachActivation(of: dataset, at: positions) { layer, _, values in
      let (minimum, maximum) = ranges[layer]
      var scale = maximum > minimum ? Float(bins) / (maximum - minimum) : 0
      // Of a range that is hardly more than 0 the first bin holds all.
      if !scale.isFinite { scale = 0 }
      for value in values where value.isFinite {
        counts[layer][min(Int((value - minimum) * scale), bins - 1)] += 1
      }
    }
    var network = self
    for (index, layer) in layers.enumerated() {
      network.activations[layer.name] = ActivationHistogram(
        minimum: ranges[index].minimum, maximum: ranges[index].maximum, counts: counts[index])
    }
    return network
  }

  /// A network that has seen no picture: parameters from the seed, batch norms' running statistics
  /// and activation histograms from noise, so that every value is of a sane size.
  public func untrained(seed: UInt64) -> Network {
    let noise = Dataset.noise(shape: input, count: 128, seed: seed)
    let fresh = initialized(seed: seed)
    let engine = Engine(
      fresh, purpose: .training, batch: noise.count, workers: Workers(count: 1))
    let stride = engine.pictureStride
    let loader = LoaderPool([PictureLoader(shape: input, augmentation: Augmentation())])
    engine.train(pictures: noise.count, seed: seed, loss: nil, statisticsShare: 1) {
      index, values, worker in
      noise.withPicture(at: index) {
        loader[worker].load(
          $0, random: SplitMix(seed: seed), into: values,
          stride: stride)
      }
      return noise.label(at: index)
    }
    do {
      return try engine.snapshot.recordingActivations(of: noise)
    } catch { preconditionFailure("noise has the input's shape") }
  }
}
