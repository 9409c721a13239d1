import Network
import Train

/// A picture inside a page, as its template reads it.
struct PageImage {
  private let source: String
  private let alternative: String
  private let width: Int
  private let height: Int

  /// Puts a picture into a page.
  /// - Parameters:
  ///   - picture: what is shown.
  ///   - alternative: what it shows, in words.
  ///   - side: about how many of the page's pixels its longer side takes; pixels stay whole, and one is at least one.
  init(_ picture: Picture, _ alternative: String, side: Int) {
    let scale = max(side / max(picture.shape.height, picture.shape.width), 1)
    source = "data:image/png;base64," + PNGFormat.encode(picture).base64EncodedString()
    self.alternative = alternative
    width = picture.shape.width * scale
    height = picture.shape.height * scale
  }
}

extension Dataset {
  /// The most pixels that a picture keeps in a page, down and across.
  private static let pageSide = 48

  /// The picture at `index` as a page shows it: smaller if it is large; of channels that are no colours the first alone.
  func pagePicture(at index: Int) -> Picture {
    let isColour = shape.channels == 1 || shape.channels == 3
    let channels = isColour ? shape.channels : 1
    let pixels = withPicture(at: index) { pixels in
      isColour
        ? Array(pixels) : stride(from: 0, to: pixels.count, by: shape.channels).map { pixels[$0] }
    }
    let picture = Picture(
      shape: Shape(height: shape.height, width: shape.width, channels: channels), pixels: pixels)
    let longest = max(shape.height, shape.width)
    guard longest > Self.pageSide else { return picture }
    return picture.resized(
      height: max(shape.height * Self.pageSide / longest, 1),
      width: max(shape.width * Self.pageSide / longest, 1))
  }
}
