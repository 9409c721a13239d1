import Foundation
import Network
import Testing

@testable import CLI

@Suite("JPEG")
struct JPEGFormatTests {
  @Test func `a plain colour comes back nearly`() throws {
    let file = HandmadeJPEG.plain(width: 19, height: 11, rgb: [200, 100, 50])
    let picture = try PictureDecoder.decode(file)
    #expect(picture.shape == Shape(height: 11, width: 19, channels: 3))
    for (index, value) in picture.pixels.enumerated() {
      #expect(abs(Int(value) - [200, 100, 50][index % 3]) <= 3)
    }
  }

  @Test func `grey stays one channel`() throws {
    let file = HandmadeJPEG.plain(width: 8, height: 9, rgb: [60, 60, 60], isGrey: true)
    let picture = try JPEGFormat.decode(file)
    #expect(picture.shape == Shape(height: 9, width: 8, channels: 1))
    #expect(picture.pixels.allSatisfy { abs(Int($0) - 60) <= 2 })
  }

  @Test func `a file cut short is refused at every length`() {
    let file = HandmadeJPEG.plain(width: 24, height: 16, rgb: [9, 99, 200])
    for length in 0..<file.count - 2 {
      #expect(throws: PictureError.self) { try PictureDecoder.decode(file.prefix(length)) }
    }
  }

  @Test func `a changed byte anywhere never traps`() {
    let file = HandmadeJPEG.plain(width: 8, height: 8, rgb: [1, 2, 3])
    for position in file.indices {
      for value in [0, 0x7f, 0xff] as [UInt8] {
        var damaged = file
        damaged[position] = value
        _ = try? PictureDecoder.decode(damaged)
      }
    }
  }

  @Test func `a height of zero in the header is refused`() throws {
    var file = HandmadeJPEG.plain(width: 8, height: 8, rgb: [1, 2, 3])
    let frame = try #require(file.firstRange(of: Data([0xff, 0xc0])))
    file[frame.lowerBound + 5] = 0
    file[frame.lowerBound + 6] = 0
    #expect(throws: PictureError.self) { try JPEGFormat.decode(file) }
  }

  @Test func `what is neither PNG nor JPEG is refused`() {
    #expect(throws: PictureError.empty) { try PictureDecoder.decode(Data()) }
    for text in ["G", "GIF89a", "BM", "<svg/>"] {
      #expect(throws: PictureError.unknownFormat) { try PictureDecoder.decode(Data(text.utf8)) }
    }
  }
}
