import Network

/// A decoded picture: 8 bits a channel, as a viewer would show it.
struct Picture: Hashable, Sendable {
  /// 1 channel is grey, 2 grey and alpha, 3 red, green and blue, 4 these and alpha. Alpha is not multiplied in.
  let shape: Shape
  /// `shape.count` values, row after row.
  let pixels: [UInt8]

  /// A picture of these pixels.
  init(shape: Shape, pixels: [UInt8]) {
    precondition((1...4).contains(shape.channels), "a picture has 1 to 4 channels")
    precondition(pixels.count == shape.count, "a picture has all its pixels")
    self.shape = shape
    self.pixels = pixels
  }

  /// Whether the last channel is alpha.
  var hasAlpha: Bool { shape.channels.isMultiple(of: 2) }

  /// The channels without alpha: 1 or 3.
  var colourChannels: Int { shape.channels < 3 ? 1 : 3 }
}
