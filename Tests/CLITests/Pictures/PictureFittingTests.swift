import Network
import Testing

@testable import CLI

@Suite("Picture fitting")
struct PictureFittingTests {
  private func shape(_ height: Int, _ width: Int, _ channels: Int = 1) -> Shape {
    Shape(height: height, width: width, channels: channels)
  }

  private func plain(_ shape: Shape, _ value: UInt8) -> Picture {
    Picture(shape: shape, pixels: [UInt8](repeating: value, count: shape.count))
  }

  /// Ink in the middle of 4x4 paper.
  private func drawing(ink: UInt8, paper: UInt8) -> Picture {
    let isInk = { (index: Int) in [5, 6, 9, 10].contains(index) }
    return Picture(shape: shape(4, 4), pixels: (0..<16).map { isInk($0) ? ink : paper })
  }

  @Test func `a picture that fits is left alone`() throws {
    let picture = drawing(ink: 200, paper: 3)
    #expect(try PictureFitting(shape: shape(4, 4)).fit(picture) == .init(picture: picture))
  }

  @Test func `colour becomes grey by the eye's weights`() throws {
    let colours: [UInt8] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]
    let picture = Picture(shape: shape(1, 4, 3), pixels: colours)
    #expect(
      try PictureFitting(shape: shape(1, 4)).fit(picture).picture.pixels == [76, 150, 29, 255])
  }

  @Test func `grey becomes colour`() throws {
    let picture = Picture(shape: shape(1, 2), pixels: [7, 9])
    let fitted = try PictureFitting(shape: shape(1, 2, 3)).fit(picture)
    #expect(fitted.picture.pixels == [7, 7, 7, 9, 9, 9])
  }

  @Test(arguments: [(255, [0, 155, 255]), (0, [0, 27, 0])] as [(UInt8, [UInt8])])
  func `alpha lets the background through`(background: UInt8, expected: [UInt8]) throws {
    let picture = Picture(shape: shape(1, 3, 2), pixels: [0, 255, 55, 128, 99, 0])
    var fitting = PictureFitting(shape: shape(1, 3))
    fitting.background = background
    let pixels = try fitting.fit(picture).picture.pixels
    for (found, wanted) in zip(pixels, expected) { #expect(abs(Int(found) - Int(wanted)) <= 1) }
  }

  @Test func `another size is resized with a warning, or refused`() throws {
    var fitting = PictureFitting(shape: shape(2, 2))
    let picture = plain(shape(3, 5), 40)
    let fitted = try fitting.fit(picture)
    #expect(fitted.picture == plain(shape(2, 2), 40))
    #expect(fitted.warnings == ["resized from 3x5 to 2x2 (height x width)"])
    fitting.isResizing = false
    #expect(throws: PictureError.size(expected: shape(2, 2), found: shape(3, 5))) {
      try fitting.fit(picture)
    }
  }

  @Test func `a model of two channels takes no picture`() {
    #expect(throws: PictureError.channels(expected: 2)) {
      try PictureFitting(shape: shape(1, 1, 2)).fit(plain(shape(1, 1), 0))
    }
  }

  @Test(arguments: [PictureFitting.Foreground.light, .dark])
  func `automatic inversion brings the background to the model's`(
    foreground: PictureFitting.Foreground
  ) throws {
    let fitting = PictureFitting(shape: shape(4, 4), invert: .automatic, foreground: foreground)
    let onDark = drawing(ink: 225, paper: 15)
    let onLight = drawing(ink: 30, paper: 240)
    let wanted = foreground == .light ? onDark : onLight
    let light = try fitting.fit(onLight)
    let dark = try fitting.fit(onDark)
    #expect(light.picture == wanted && dark.picture == wanted)
    #expect((light.warnings.count, dark.warnings.count) == (foreground == .light ? (1, 0) : (0, 1)))
  }

  @Test(arguments: [(127, false), (128, true)] as [(UInt8, Bool)])
  func `the mid-grey divides light from dark`(border: UInt8, isInverted: Bool) throws {
    let fitting = PictureFitting(shape: shape(4, 4), invert: .automatic)
    let picture = drawing(ink: 0, paper: border)
    #expect(try (fitting.fit(picture).picture == picture.inverted()) == isInverted)
  }

  @Test func `always and never don't look`() throws {
    let picture = drawing(ink: 225, paper: 15)
    var fitting = PictureFitting(shape: shape(4, 4), invert: .always)
    #expect(try fitting.fit(picture).picture == picture.inverted())
    fitting.invert = .never
    #expect(try fitting.fit(picture.inverted()).picture == picture.inverted())
  }

  @Test func `shrinking takes the mean of the area`() {
    let picture = Picture(shape: shape(2, 4), pixels: [0, 100, 10, 30, 100, 200, 50, 70])
    #expect(picture.resized(height: 1, width: 2).pixels == [100, 40])
    let three = Picture(shape: shape(1, 3), pixels: [0, 90, 255])
    // The middle pixel is shared by halves: (0 + 45) / 1.5 and (45 + 255) / 1.5.
    #expect(three.resized(height: 1, width: 2).pixels == [30, 200])
  }

  @Test func `enlarging lies between neighbours`() {
    let picture = Picture(shape: shape(1, 2), pixels: [0, 200])
    #expect(picture.resized(height: 1, width: 4).pixels == [0, 50, 150, 200])
    #expect(picture.resized(height: 3, width: 2).pixels == [0, 200, 0, 200, 0, 200])
  }

  @Test(arguments: [(1, 1), (1, 28), (7, 3), (28, 28), (29, 27), (31, 640), (480, 33)])
  func `a plain picture stays plain at any size`(size: (Int, Int)) {
    for value in [0, 1, 128, 255] as [UInt8] {
      let picture = plain(shape(size.0, size.1, 3), value)
      #expect(picture.resized(height: 28, width: 28) == plain(shape(28, 28, 3), value))
    }
  }

  @Test func `the border is counted once`() {
    #expect(Picture(shape: shape(1, 1), pixels: [9]).borderMean == 9)
    #expect(Picture(shape: shape(1, 3), pixels: [0, 3, 6]).borderMean == 3)
    #expect(Picture(shape: shape(3, 1), pixels: [0, 3, 6]).borderMean == 3)
    #expect(drawing(ink: 255, paper: 12).borderMean == 12)
  }
}
