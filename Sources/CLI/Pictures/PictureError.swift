import Network

/// Why a picture can't be read or used.
enum PictureError: Error, Hashable, CustomStringConvertible {
  /// Neither PNG nor JPEG, judged by the first bytes.
  case unknownFormat
  /// No bytes at all.
  case empty
  /// Begins as `format` but can't be decoded; `reason` is the decoder's.
  case damaged(format: String, reason: String)
  /// A size without pixels.
  case noPixels(height: Int, width: Int)
  /// More pixels than are decoded, whatever the header says.
  case tooLarge(height: Int, width: Int, limit: Int)
  /// Another size than the model's, where resizing isn't wanted.
  case size(expected: Shape, found: Shape)
  /// The model takes pictures of a number of channels that no picture has.
  case channels(expected: Int)

  /// One line, to follow the path.
  var description: String {
    switch self {
    case .unknownFormat: "neither a PNG nor a JPEG picture"
    case .empty: "the file is empty"
    case .damaged(let format, let reason): "damaged \(format) picture: \(reason)"
    case .noPixels(let height, let width):
      "the picture has no pixels: its size is \(height)x\(width) (height x width)"
    case .tooLarge(let height, let width, let limit):
      "the picture is \(height)x\(width) (height x width), more than \(limit) pixels are not read"
    case .size(let expected, let found):
      "the picture is \(found.height)x\(found.width) (height x width), "
        + "the model takes \(expected.height)x\(expected.width)"
    case .channels(let expected):
      "the model takes \(expected) channels; a picture has 1 (grey) or 3 (colour)"
    }
  }
}
