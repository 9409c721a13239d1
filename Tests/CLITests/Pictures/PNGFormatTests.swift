import Foundation
import Network
import Testing

@testable import CLI

@Suite("PNG")
struct PNGFormatTests {
  private func shape(_ height: Int, _ width: Int, _ channels: Int) -> Shape {
    Shape(height: height, width: width, channels: channels)
  }

  @Test(arguments: 1...4, [(1, 1), (1, 31), (33, 1), (28, 28), (7, 9)])
  func `what is written is read`(channels: Int, size: (Int, Int)) throws {
    let shape = shape(size.0, size.1, channels)
    let picture = Picture(
      shape: shape, pixels: (0..<shape.count).map { UInt8(($0 * 37 + 11) % 256) })
    let file = PNGFormat.encode(picture)
    #expect(try PNGFormat.decode(file) == picture)
    #expect(try PictureDecoder.decode((Data([0]) + file).dropFirst()) == picture)
  }

  @Test(
    arguments: [
      (1, [[0b1010_0000]], [255, 0, 255]), (2, [[0b0001_1000]], [0, 85, 170]),
      (4, [[0x0f, 0x80]], [0, 255, 136]), (8, [[1, 2, 3]], [1, 2, 3]),
    ] as [(UInt8, [[UInt8]], [UInt8])])
  func `grey of every depth becomes eight bits`(depth: UInt8, rows: [[UInt8]], pixels: [UInt8])
    throws
  {
    let file = HandmadePNG.file(width: 3, height: 1, depth: depth, colour: .grey, rows: rows)
    #expect(try PNGFormat.decode(file) == Picture(shape: shape(1, 3, 1), pixels: pixels))
  }

  @Test func `sixteen bits become eight`() throws {
    let rows: [[UInt8]] = [[0, 0, 0xff, 0xff, 0x80, 0x80]]
    let file = HandmadePNG.file(
      width: 1, height: 1, depth: 16, colour: .rgb, rows: rows,
      chunks: [("sRGB", [0])])
    let picture = try PNGFormat.decode(file)
    #expect(picture.shape == shape(1, 1, 3))
    #expect(picture.pixels.first == 0 && picture.pixels[1] == 255)
    #expect((127...129).contains(picture.pixels[2]))
  }

  @Test func `a palette becomes colours, with alpha where it has some`() throws {
    let palette: (String, [UInt8]) = ("PLTE", [10, 20, 30, 40, 50, 60])
    let opaque = HandmadePNG.file(
      width: 2, height: 1, depth: 8, colour: .palette, rows: [[1, 0]], chunks: [palette])
    #expect(
      try PNGFormat.decode(opaque)
        == Picture(shape: shape(1, 2, 3), pixels: [40, 50, 60, 10, 20, 30]))
    let clear = HandmadePNG.file(
      width: 2, height: 1, depth: 8, colour: .palette, rows: [[1, 0]],
      chunks: [palette, ("tRNS", [255, 0])])
    let picture = try PNGFormat.decode(clear)
    #expect(picture.shape.channels == 4)
    #expect(picture.pixels[3] == 0 && picture.pixels[7] == 255)
  }

  @Test func `alpha stays apart`() throws {
    let grey = HandmadePNG.file(
      width: 2, height: 1, depth: 8, colour: .greyAlpha, rows: [[200, 128, 7, 255]])
    #expect(
      try PNGFormat.decode(grey) == Picture(shape: shape(1, 2, 2), pixels: [200, 128, 7, 255]))
    let colour = HandmadePNG.file(
      width: 1, height: 1, depth: 8, colour: .rgba, rows: [[1, 2, 3, 4]])
    #expect(try PNGFormat.decode(colour) == Picture(shape: shape(1, 1, 4), pixels: [1, 2, 3, 4]))
  }

  @Test func `an index beyond the palette doesn't trap`() {
    let file = HandmadePNG.file(
      width: 1, height: 1, depth: 8, colour: .palette, rows: [[9]],
      chunks: [("PLTE", [1, 2, 3])])
    _ = try? PNGFormat.decode(file)
  }

  @Test func `a file cut short anywhere is refused`() {
    let picture = Picture(
      shape: shape(9, 7, 3), pixels: (0..<189).map { UInt8($0 * 91 % 256) })
    let file = PNGFormat.encode(picture)
    // The last twelve bytes are the end mark, which readers don't need.
    for length in 0..<file.count - 12 {
      #expect(throws: PictureError.self) { try PictureDecoder.decode(file.prefix(length)) }
    }
  }

  @Test func `a changed byte anywhere never traps`() {
    let file = PNGFormat.encode(
      Picture(shape: shape(5, 5, 1), pixels: [UInt8](repeating: 77, count: 25)))
    for position in file.indices {
      for value in [0, 0x7f, 0xff] as [UInt8] {
        var damaged = file
        damaged[position] = value
        _ = try? PictureDecoder.decode(damaged)
      }
    }
  }

  @Test func `a header that promises gigabytes is refused before memory is taken`() {
    let file = HandmadePNG.file(
      width: 100_000, height: 100_000, depth: 8, colour: .rgba, rows: [[0]])
    #expect(
      throws: PictureError.tooLarge(height: 100_000, width: 100_000, limit: 1 << 26)
    ) { try PNGFormat.decode(file) }
  }
}
