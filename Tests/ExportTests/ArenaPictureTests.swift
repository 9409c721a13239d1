import Foundation
import Network
import Testing
import TinyRuntime
import Train

@testable import Export

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct ArenaPictureTests {
  private func picture(_ goal: Goal) throws -> (HostModel, ArenaPicture) {
    let model = try HostModel(ModelBytes.residual(goal: goal))
    return (model, ArenaPicture(model))
  }

  @Test("Blocks lie in the arena, and share a byte only in a step that works in place")
  func blocks() throws {
    for goal in Goal.allCases {
      let (model, picture) = try picture(goal)
      #expect(picture.mostInUse <= picture.byteCount)
      for (index, block) in picture.blocks.enumerated() {
        #expect(block.bytes.lowerBound >= picture.stateByteCount)
        #expect(block.bytes.upperBound <= picture.byteCount)
        for other in picture.blocks[..<index] where other.layer != block.layer {
          let steps = block.steps.clamped(to: other.steps)
          guard !steps.isEmpty, block.bytes.overlaps(other.bytes) else { continue }
          #expect(steps.count == 1 && block.bytes == other.bytes)
          #expect(model.records[max(block.layer, other.layer)].op.worksInPlace)
        }
      }
    }
  }

  @Test("In the drawing of a word and a step a cell, a cell is free where no block is")
  func text() throws {
    let (_, picture) = try picture(.ram)
    let lines = picture.text(columns: .max, rows: .max)
    #expect(lines.count == picture.byteCount / 4)
    for (line, text) in lines.enumerated() {
      #expect(text.count == picture.stepCount)
      for (step, letter) in text.enumerated() {
        let bytes = line * 4..<line * 4 + 4
        let here = picture.blocks.filter { $0.bytes.overlaps(bytes) && $0.steps.contains(step) }
        if bytes.lowerBound < picture.stateByteCount {
          #expect(letter == "#")
        } else if here.isEmpty {
          #expect(letter == "·")
        } else {
          #expect(here.map { ArenaPicture.letter(of: $0.layer) }.contains(letter))
        }
      }
    }
    let small = picture.text(columns: 10, rows: 5)
    #expect(small.count == 5 && small.allSatisfy { $0.count == 10 })
  }

  @Test("The SVG file is well-formed, with a rectangle for each block")
  func svg() throws {
    final class Counter: NSObject, XMLParserDelegate {
      var counts: [String: Int] = [:]
      func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
      ) { counts[name, default: 0] += 1 }
    }
    let (_, picture) = try picture(.ram)
    let counter = Counter()
    let parser = XMLParser(data: Data(picture.svg.utf8))
    parser.delegate = counter
    #expect(parser.parse())
    #expect(counter.counts["title"] == picture.blocks.count + 2)
    // The page, the arena, the walk's state, and the legend.
    #expect(counter.counts["rect"] == picture.blocks.count + 3 + picture.layersShown.count)
  }

  @Test("MACs really done leave out what a pool or a stride never reads")
  func macs() throws {
    let file = try ModelBytes.residual(
      text: "input 7x7x1\nconv 1x1 3\nmaxpool 2x2\nconv 1x1 2\navgpool 2x2\ndense 2", goal: .speed)
    let layers = try Inspection(HostModel(file)).layers
    // 6 of 7 rows and columns; then 2 of 3 rows, whole, for a row is made whole.
    #expect(layers.map(\.macs) == [0, 7 * 7 * 3, 0, 3 * 3 * 6, 0, 4])
    #expect(layers.map(\.macsDone) == [0, 6 * 6 * 3, 0, 3 * 3 * 6, 0, 4])
    let streamed = try Inspection(
      HostModel(ModelBytes.residual(text: "input 7x7x1\nconv 1x1 3\navgpool 3x3 stride=4x4")))
    #expect(streamed.layers.map(\.macsDone) == [0, 7 * 7 * 3, 0])
  }
}
