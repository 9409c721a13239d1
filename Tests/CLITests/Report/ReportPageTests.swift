import Foundation
import Network
import Testing
import Train

@testable import CLI

@Suite("the parts of a report") struct ReportPageTests {
  @Test func `the hardest pictures have the highest loss`() throws {
    let digits = GeneratedDigits.dataset(count: 50, seed: 4)
    let network = Preset.tiny.network.untrained(seed: 2)
    let evaluation = try Evaluation(of: network, on: digits, threads: 2)
    let hardest = evaluation.hardest(12)
    #expect(Set(hardest).count == 12)
    let losses = hardest.map { evaluation.answers[$0].loss }
    #expect(losses == losses.sorted(by: >))
    for index in 0..<digits.count where !hardest.contains(index) {
      #expect(evaluation.answers[index].loss <= losses[11])
    }
    #expect(evaluation.hardest(1000).count == 50)
  }

  @Test func `text is escaped scalar by scalar`() {
    let text = PageText()
    #expect(text.escapeText("<a href='x'>&\"") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;")
    #expect(text.escapeText("\"\u{301}<\u{338}") == "&quot;\u{301}&lt;\u{338}")
    #expect(text.escapeText("a\u{0}\u{1b}\u{ffff}\n\tb") == "a\u{fffd}\u{fffd}\u{fffd}\n\tb")
    #expect(text.escapeText("κ ✓ 数") == "κ ✓ 数")
  }

  @Test(arguments: [(0, 10), (10, 10), (7, 12), (4912, 5000), (1, 1)])
  func `the ends of an interval are where the share is its quantile away`(
    correct: Int, count: Int
  ) throws {
    let interval = try #require(WilsonInterval(correct, of: count))
    let share = Double(correct) / Double(count)
    #expect(interval.lower <= share && share <= interval.upper)
    for end in [interval.lower, interval.upper] where end > 1e-12 && end < 1 - 1e-12 {
      let deviation = (end * (1 - end) / Double(count)).squareRoot()
      #expect(abs(abs(end - share) / deviation - 1.959964) < 1e-6)
    }
    #expect(interval.lower == 0 || correct > 0)
    #expect(interval.upper == 1 || correct < count)
  }

  @Test func `nothing counted has no interval`() { #expect(WilsonInterval(0, of: 0) == nil) }

  @Test func `an axis names round values, and holds all`() {
    let linear = ChartAxis([0.3, 9.7], .linear, from: 0, to: 100)
    #expect(linear.ticks == [2, 4, 6, 8])
    #expect(linear.position(0.3) == 0 && linear.position(9.7) == 100)
    let ratios = ChartAxis([0.02, 1.5], .logarithmic, from: 100, to: 0)
    #expect(ratios.ticks == [0.02, 0.05, 0.1, 0.2, 0.5, 1])
    #expect(abs(ratios.position(0.1) - (ratios.position(0.01) + ratios.position(1)) / 2) < 1e-9)
    for values in [[0.0], [5.0, 5], []] {
      let axis = ChartAxis(values, .linear, from: 0, to: 100)
      #expect(!axis.ticks.isEmpty)
      for value in values { #expect((0...100).contains(axis.position(value))) }
    }
    #expect(ChartAxis([0.5, 0.5], .logarithmic, from: 0, to: 1).ticks.count >= 2)
    #expect(ChartAxis([1e-7, 1e7], .logarithmic, from: 0, to: 1).ticks.count <= 16)
  }

  @Test func `many labels are a picture, and errors are named`() throws {
    var confusion = (0..<40).map { label in
      (0..<40).map { $0 == label ? 9 : 0 }
    }
    confusion[3][7] = 2
    let names = (0..<40).map { "l\($0)" }
    let section = ConfusionSection(confusion, labels: names, answers: names)
    let children = Dictionary(
      uniqueKeysWithValues: Mirror(reflecting: section).children.map { ($0.label ?? "", $0.value) })
    #expect(children["grid"].map { "\($0)" } == "nil")
    #expect("\(try #require(children["image"]))".contains("data:image/png"))
    let pairs = "\(try #require(children["pairs"]))"
    #expect(pairs.contains("l3") && pairs.contains("l7") && pairs.contains("2 pictures"))
  }

  @Test func `a sheet keeps pictures apart`() {
    var sheet = PictureSheet(tile: Size(2), columns: 2, rows: 1, channels: 2)
    sheet.draw(at: 1) { row, column in [UInt8(10 * row + column), 255] }
    let picture = sheet.picture
    #expect(picture.shape == Shape(height: 2, width: 5, channels: 2))
    #expect(Array(picture.pixels[..<10]) == [0, 0, 0, 0, 0, 0, 0, 255, 1, 255])
    #expect(Array(picture.pixels[10...]) == [0, 0, 0, 0, 0, 0, 10, 255, 11, 255])
  }
}
