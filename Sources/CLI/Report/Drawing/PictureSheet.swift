import Network

/// Small pictures of one size side by side, a clear pixel between them.
struct PictureSheet {
  private let tile: Size
  private let columns: Int
  private let shape: Shape
  private var pixels: [UInt8]

  /// An empty sheet, clear everywhere.
  /// - Parameters:
  ///   - tile: the size of a picture.
  ///   - columns: pictures in a row.
  ///   - rows: rows.
  ///   - channels: values a pixel, alpha the last of them.
  init(tile: Size, columns: Int, rows: Int, channels: Int) {
    self.tile = tile
    self.columns = columns
    shape = Shape(
      height: rows * (tile.height + 1) - 1, width: columns * (tile.width + 1) - 1,
      channels: channels)
    pixels = [UInt8](repeating: 0, count: shape.count)
  }

  /// Draws a picture at `index`, row after row of the sheet.
  /// - Parameters:
  ///   - index: which of the sheet's places.
  ///   - colour: the channels of a pixel of the picture.
  mutating func draw(at index: Int, _ colour: (_ row: Int, _ column: Int) -> [UInt8]) {
    let top = index / columns * (tile.height + 1)
    let left = index % columns * (tile.width + 1)
    for row in 0..<tile.height {
      for column in 0..<tile.width {
        let start = ((top + row) * shape.width + left + column) * shape.channels
        pixels.replaceSubrange(start..<start + shape.channels, with: colour(row, column))
      }
    }
  }

  /// The sheet.
  var picture: Picture { Picture(shape: shape, pixels: pixels) }
}
