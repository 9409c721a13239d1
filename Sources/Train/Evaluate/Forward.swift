import Network

/// A network ready to run forwards over pictures, as it does after training: batch norms use their
/// running statistics, dropout does nothing, and what the network has grids for is on them.
final class Forward: @unchecked Sendable {
  /// A thread's picture.
  struct Seat {
    fileprivate let picture: Picture
    fileprivate let worker: Int
    fileprivate let loader: PictureLoader
  }

  private let engine: Engine
  private let loaders: [PictureLoader]

  init(_ network: Network, threads: Int) {
    let workers = Workers(count: threads)
    engine = Engine(network, purpose: .inference, batch: 0, workers: workers)
    engine.settleForInference()
    loaders = (0..<workers.count).map { _ in
      PictureLoader(shape: network.input, augmentation: Augmentation())
    }
  }

  /// Runs `body` for every job, on all threads.
  func run(_ jobs: Int, _ body: @Sendable (_ seat: Seat, _ job: Int) -> Void) {
    engine.workers.run(jobs) { job, worker in body(seat(worker), job) }
  }

  /// What a thread works with.
  func seat(_ worker: Int) -> Seat {
    Seat(picture: engine.pictures[worker], worker: worker, loader: loaders[worker])
  }

  /// Computes every layer's output for one picture.
  func infer(_ dataset: Dataset, at position: Int, in seat: Seat) {
    dataset.withPicture(at: position) {
      seat.loader.load(
        $0, random: SplitMix(seed: 0), into: seat.picture.activations[0],
        stride: engine.pictureStride)
    }
    engine.infer(worker: seat.worker)
  }

  /// The same for values, height x width x channels, pixels `stride` floats apart.
  func infer(_ values: UnsafePointer<Float>, stride: Int, in seat: Seat) {
    let input = engine.network.input
    let picture = seat.picture.activations[0]
    for pixel in 0..<input.pixelCount {
      for channel in 0..<input.channels {
        picture[pixel &* engine.pictureStride &+ channel] = values[pixel &* stride &+ channel]
      }
    }
    engine.infer(worker: seat.worker)
  }

  /// The logits of the picture just computed.
  func logits(_ seat: Seat) -> UnsafePointer<Float> {
    UnsafePointer(seat.picture.activations[engine.logits])
  }

  /// Copies a layer's output for the picture just computed, height x width x channels.
  func copy(layer: Int, from seat: Seat, to target: UnsafeMutableBufferPointer<Float>) {
    let shape = engine.network.shapes[layer]
    let source = seat.picture.activations[engine.value(of: layer)]
    for pixel in 0..<shape.pixelCount {
      for channel in 0..<shape.channels {
        target[pixel &* shape.channels &+ channel] =
          source[pixel &* shape.pixelStride &+ channel]
      }
    }
  }
}
