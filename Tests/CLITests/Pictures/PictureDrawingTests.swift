import Network
import Testing

@testable import CLI

@Suite("Picture drawing")
struct PictureDrawingTests {
  private let picture = Picture(
    shape: Shape(height: 3, width: 2, channels: 1), pixels: [0, 255, 0, 255, 255, 0])

  @Test func `characters go from sparse to dense, two rows a line`() {
    #expect(PictureDrawing(style: .characters).lines(picture) == [" @", "= "])
  }

  @Test func `true colour puts the upper pixel before the lower`() {
    let lines = PictureDrawing(style: .trueColour).lines(picture)
    #expect(lines.count == 2)
    #expect(
      lines[1]
        == "\u{1b}[38;2;255;255;255;48;2;0;0;0m▀\u{1b}[38;2;0;0;0;48;2;0;0;0m▀\u{1b}[0m")
  }

  @Test func `greys end in black and white`() {
    let lines = PictureDrawing(style: .greys).lines(picture)
    #expect(lines[1] == "\u{1b}[38;5;231;48;5;16m▀\u{1b}[38;5;16;48;5;16m▀\u{1b}[0m")
  }

  @Test(
    arguments: [
      (false, [:], PictureDrawing.Style.characters), (true, [:], .greys),
      (true, ["COLORTERM": "truecolor"], .trueColour), (true, ["COLORTERM": "24bit"], .trueColour),
      (true, ["COLORTERM": "truecolor", "NO_COLOR": "1"], .characters),
      (true, ["NO_COLOR": ""], .greys), (true, ["TERM": "dumb"], .characters),
    ] as [(Bool, [String: String], PictureDrawing.Style)])
  func `the terminal decides the style`(
    isInteractive: Bool, environment: [String: String], style: PictureDrawing.Style
  ) {
    #expect(
      PictureDrawing(isInteractive: isInteractive, environment: environment).style == style)
  }
}
