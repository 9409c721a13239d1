import ArgumentParser
import Export
import Foundation
import Synchronization

/// Times a model file on this machine.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Time a model file, or the training of a network, on this machine, layer by layer.",
    discussion: """
      Examples: thimble bench Models/digits.thimble
                thimble bench --training lenet
      """)

  @OptionGroup var global: GlobalOptions
  @Argument(help: "The model file; with --training a preset or a network's text file.")
  var model: String
  @Flag(help: "Time a step of training, batches of 128 on one thread.") var training = false
  @Option(help: "How many pictures at the same time.") var threads = 1
  @Option(help: "How long to measure, in seconds.") var seconds = 2.0

  func validate() throws {
    guard threads >= 1 else { throw ValidationError("--threads takes a number from 1") }
    guard threads == 1 || !training else {
      throw ValidationError("--training takes no --threads: it times one")
    }
    guard seconds > 0, seconds.isFinite else {
      throw ValidationError("--seconds takes a number above 0")
    }
  }

  private struct Result: Encodable {
    struct Layer: Encodable {
      var name: String
      var us: Double
      var share: Double
    }

    var median_us: Double
    var min_us: Double
    var threads: Int
    var images_per_second: Double
    var layers: [Layer]
  }

  func run() throws {
    if training { return try TrainingBench(network: model, seconds: seconds).report(global) }
    let model = try NetworkFile.model(model)
    let input = (0..<model.inputCount).map { Int8(truncatingIfNeeded: $0 &* 37) }
    let rounds = try rounds(model, input)
    let sorted = rounds.sorted()
    let layers = layerTimes(model, input)
    let total = layers.reduce(0) { $0 + $1.us }
    let result = Result(
      median_us: sorted[sorted.count / 2], min_us: sorted[0], threads: threads,
      images_per_second: Double(threads) * 1e6 / sorted[sorted.count / 2],
      layers: layers.map { Result.Layer(name: $0.name, us: $0.us, share: $0.us / total) })
    if global.isJSON { return try JSONOutput.write(result) }
    var table = Table([.left("layer"), .right("us"), .right("share")])
    for layer in result.layers {
      table.add([
        layer.name, NumberFormat.decimal(layer.us, places: 2), NumberFormat.percent(layer.share),
      ])
    }
    try StandardOutput.write(
      table.text
        + "\n\(NumberFormat.decimal(result.median_us, places: 2)) us a picture (median of "
        + "\(NumberFormat.grouped(rounds.count)) rounds, least "
        + "\(NumberFormat.decimal(result.min_us, places: 2))), "
        + "\(NumberFormat.decimal(result.images_per_second, places: 0)) pictures/s on "
        + "\(threads) thread\(threads == 1 ? "" : "s")\n")
  }

  /// Microseconds a picture, of many short rounds on each thread.
  private func rounds(_ model: HostModel, _ input: [Int8]) throws -> [Double] {
    let clock = ContinuousClock()
    // A round is long beside the clock's own cost.
    let once = clock.measure { _ = model.run(input) } / .microseconds(1)
    let count = max(1, Int(2_000 / max(once, 0.01)))
    let all = Mutex<[Double]>([])
    let file = model.file
    Interruption.polled {
      DispatchQueue.concurrentPerform(iterations: threads) { _ in
        // The file loaded once already.
        guard let model = try? HostModel(file) else { return }
        for _ in 0..<count { _ = model.run(input) }
        var rounds: [Double] = []
        let end = clock.now + .seconds(seconds)
        while clock.now < end, !Interruption.isRequested {
          let time = clock.measure { for _ in 0..<count { _ = model.run(input) } }
          rounds.append(time / .microseconds(1) / Double(count))
        }
        all.withLock { $0 += rounds }
      }
    }
    try Interruption.check()
    let rounds = all.withLock { $0 }
    return rounds.isEmpty ? [once] : rounds
  }

  /// Mean microseconds of each layer, of runs of their own: the clock between steps costs something.
  private func layerTimes(_ model: HostModel, _ input: [Int8]) -> [(name: String, us: Double)] {
    let names = Inspection(model).layers.map(\.name)
    var sums = [Duration](repeating: .zero, count: names.count)
    let clock = ContinuousClock()
    let runs = 200
    for _ in 0..<runs {
      var last = clock.now
      _ = model.run(input) { index, _, _ in
        let now = clock.now
        sums[index] += now - last
        last = now
      }
    }
    return zip(names, sums).map { ($0, $1 / .microseconds(1) / Double(runs)) }
  }
}
