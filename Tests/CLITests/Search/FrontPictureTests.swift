import Foundation
import Search
import Testing

@testable import CLI

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("the picture of a front") struct FrontPictureTests {
  /// Counts elements, and keeps what is written.
  private final class Reader: NSObject, XMLParserDelegate {
    var counts: [String: Int] = [:]
    var words: [String] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      counts[name, default: 0] += 1
      for key in ["cx", "cy", "r", "x", "y"] {
        if let text = attributes[key] { #expect(Double(text) != nil, "\(key)=\(text)") }
      }
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) { words.append(text) }
  }

  private func read(_ points: [FrontPoint], _ budget: Budget) -> Reader {
    let marks = points.map { FrontPicture.Mark(point: $0, title: "a < b & c") }
    let picture = FrontPicture(
      marks, front: ParetoFront(of: points), pictures: 5000, budget: budget)
    let parser = XMLParser(data: Data(picture.svg.utf8))
    let reader = Reader()
    parser.delegate = reader
    #expect(parser.parse())
    return reader
  }

  private func point(_ trial: Int, _ correct: Int, _ bytes: Int, _ ram: Int) -> FrontPoint {
    FrontPoint(score: Score(trial: trial, correct: correct, fileBytes: bytes), ramBytes: ram)
  }

  @Test func `has a point a trial, the front's numbers and the budgets`() {
    let reader = read(
      [point(1, 4900, 3000, 900), point(2, 4950, 9000, 2000), point(3, 4000, 9500, 2500)],
      Budget(fileBytes: 16384, ramBytes: 4096))
    #expect(reader.counts["circle"] == 3)
    let text = reader.words.joined(separator: "|")
    for word in ["budget 16,384", "RAM budget 4,096", "98 %", "5,000", "2,000", "accuracy"] {
      #expect(text.contains(word), "\(word)")
    }
    #expect(reader.words.contains("1") && reader.words.contains("2") && !reader.words.contains("3"))
  }

  @Test(arguments: [0, 1, 4999, 5000]) func `one point is enough`(correct: Int) {
    #expect(read([point(1, correct, 1, 1)], Budget()).counts["circle"] == 1)
  }

  @Test func `a logarithmic axis has its values inside, and two ticks or more`() {
    for values in [[5.0], [1, 1_000_000], [300, 301], [0.0001, 0.9]] {
      let scale = ChartAxis(values, .logarithmic, from: 10, to: 90)
      #expect(values.allSatisfy { (10...90).contains(scale.position($0)) })
      #expect(scale.ticks.count >= 2)
      #expect(scale.ticks.allSatisfy { (10...90).contains(scale.position($0)) })
    }
    #expect(ChartAxis([10, 90], .logarithmic, from: 0, to: 1).position(30) == 0.5)
  }
}
