import Network

/// A network ready to run forwards over pictures, as it does after training: batch norms use their
/// running statistics, dropout does nothing.
final class Forward: @unchecked Sendable {
  /// A block of pictures and the thread it belongs to.
  struct Seat {
    let memory: Block
    fileprivate let worker: Int
    fileprivate let loader: PictureLoader
  }

  private let engine: Engine
  private let loaders: [PictureLoader]

  init(_ network: Network, threads: Int) {
    let workers = Workers(count: threads)
    engine = Engine(network, purpose: .inference, blocks: workers.count, workers: workers)
    engine.settleForInference()
    loaders = (0..<workers.count).map { _ in
      PictureLoader(shape: network.input, augmentation: Augmentation())
    }
  }

  /// Runs `body` for every job, on all threads.
  func run(_ jobs: Int, _ body: @Sendable (_ seat: Seat, _ job: Int) -> Void) {
    engine.workers.run(jobs) { job, worker in body(seat(worker), job) }
  }

  /// A thread's block.
  func seat(_ worker: Int) -> Seat {
    Seat(memory: engine.blocks[worker], worker: worker, loader: loaders[worker])
  }

  /// Puts up to sixteen pictures into a block.
  func load(_ dataset: Dataset, _ positions: some Collection<Int>, into seat: Seat) {
    seat.memory.hold(positions.count)
    for (lane, position) in positions.enumerated() {
      dataset.withPicture(at: position) {
        seat.loader.load($0, random: SplitMix(seed: 0), into: seat.memory, lane: lane)
      }
    }
  }

  /// Computes every layer's output.
  func infer(_ seat: Seat) { engine.infer(seat.memory, worker: seat.worker) }
}
