import Network
import Testing
import TinyRuntime
import Train

@testable import Export

@Suite struct PlannerBruteForceTests {
  /// A network of a few rows and a few ops.
  private func text(seed: UInt64, depth: Int = 3) -> String {
    var random = SplitMix(seed: seed)
    func pick<Element>(_ choices: [Element]) -> Element { choices.randomElement(using: &random)! }
    var lines = ["input \(pick([3, 3, 4]))x\(pick([2, 3, 4]))x\(pick([1, 1, 2]))"]
    func append(_ line: String) -> Bool {
      guard (try? Network(text: (lines + [line]).joined(separator: "\n"))) != nil else {
        return false
      }
      lines.append(line)
      return true
    }
    while lines.count <= depth {
      let before = lines.count
      switch Int.random(in: 0..<6, using: &random) {
      case 0, 1:
        _ = append(
          "conv \(pick([1, 2, 3]))x\(pick([1, 2])) \(pick([1, 2, 3, 4])) padding=\(pick(["same", "valid"]))"
            + pick(["", "", " stride=2x1"]))
      case 2: _ = append("depthwise 2x2 padding=\(pick(["same", "valid"]))")
      case 3: _ = append("maxpool 2x2") || append("maxpool 2x1") || append("maxpool 1x2")
      case 4: _ = append("avgpool 2x1")
      default:
        if lines.count + 1 <= depth, lines.last!.hasPrefix("conv") {
          lines[lines.count - 1] = "t\(lines.count): " + lines.last!
          let name = "t\(lines.count - 1)"
          let shape = try! Network(text: lines.joined(separator: "\n")).output
          if append("conv \(pick(["1x1", "3x1"])) \(shape.channels) padding=same") {
            _ = append("add \(name)")
          }
        }
      }
      if lines.count == before, Int.random(in: 0..<4, using: &random) == 0 { break }
    }
    if Bool.random(using: &random) { _ = append(pick(["dense 2", "globalavgpool", "dense 3"])) }
    if Bool.random(using: &random) { _ = append("softmax") }
    if lines.count == 1 { _ = append("conv 1x1 2") }
    return lines.joined(separator: "\n")
  }

  private func records(_ text: String) throws -> [OpRecord]? {
    let network = try Network(text: text).untrained(seed: 1)
    let folded = try FoldedNetwork(simplifying: network)
    return try? QuantizedNetwork(folded, folded.quantizations(of: network, by: .minMax)).nodes
      .map(\.record)
  }

  /// The planner's result for a seed's network, and the network with every choice of what pools take over.
  private func planned(seed: UInt64) throws -> (end: Int, networks: [BruteForce])? {
    guard let records = try records(text(seed: seed)), records.count <= 6 else { return nil }
    let end = 4 * Planner.search(records, for: .ram).1.end
    let choices = Choices(records, for: .ram)
    // The first choice folds all that can be folded.
    let folded = choices.schedule(for: choices.radices.map { _ in 0 }).records
    let foldable = folded.indices.filter { folded[$0].isFolded }
    return (
      end,
      (0..<1 << foldable.count).map { subset in
        var records = folded
        for (bit, index) in foldable.enumerated() { records[index].ringHeight = subset >> bit & 1 }
        return BruteForce(records: records)
      }
    )
  }

  @Test(
    "No choice of ring heights and places takes less than the planner's arena", arguments: 0..<12)
  func ringsAndPlaces(part: UInt64) throws {
    for seed in part * 20..<(part + 1) * 20 {
      guard let (end, networks) = try planned(seed: seed) else { continue }
      var isBetter = false
      for network in networks {
        network.forEachWalk { walk in isBetter = isBetter || network.fits(walk, below: end) }
      }
      #expect(!isBetter, "seed \(seed): \(end)\n\(text(seed: seed))")
    }
  }

  @Test("The best of all orders of rows takes at most one word less, and that seldom")
  func orders() throws {
    var tried = 0
    var isWorse = 0
    for seed in 0..<240 as Range<UInt64> {
      guard let (end, networks) = try planned(seed: seed) else { continue }
      var least = end
      var isComplete = true
      for network in networks {
        let isAll = network.forEachOrder(below: least, most: 1_000) { order in
          var records = order.records
          for (index, rows) in order.neededRingHeights().enumerated() {
            records[index].ringHeight = rows
          }
          let rings = RowSchedule(records, steps: order.steps)
          while network.fits(rings, below: least) { least -= 4 }
          return false
        }
        isComplete = isComplete && isAll
      }
      #expect(least >= end - 4, "seed \(seed)\n\(text(seed: seed))")
      tried += isComplete ? 1 : 0
      isWorse += least < end ? 1 : 0
    }
    print("orders of rows: all tried on \(tried) networks; on \(isWorse) one is better by a word")
    #expect(tried >= 220)
    #expect(isWorse <= 3)
  }

  @Test("The first convolutional network that people try is planned as well as can be")
  func lenet() throws {
    let records = try #require(try records(Preset.lenet.network.text))
    let (schedule, placement) = Planner.search(records, for: .ram)
    #expect(schedule.records.filter(\.isFolded).count == 2)
    // No order of rows has less than that in use at every step.
    var isBetter = false
    let all = BruteForce(records: schedule.records).forEachOrder(
      below: 4 * placement.end, most: 0
    ) { _ in
      isBetter = true; return true
    }
    #expect(all && !isBetter)
  }
}
