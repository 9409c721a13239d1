/// The shape of a picture or of an activation: height x width x channels, in that order everywhere.
public struct Shape: Hashable, Sendable {
  /// Pixels from top to bottom.
  public var height: Int
  /// Pixels from left to right.
  public var width: Int
  /// Values a pixel.
  public var channels: Int

  /// Creates a shape; every extent is at least 1.
  public init(height: Int, width: Int, channels: Int) {
    precondition(height > 0 && width > 0 && channels > 0, "a shape has no empty side")
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// The number of elements.
  public var count: Int { height * width * channels }
}

extension Shape: CustomStringConvertible {
  /// `28x28x1`, as a network text writes it.
  public var description: String { "\(height)x\(width)x\(channels)" }
}

/// A pair of extents in pixels: of a kernel, a pooling window, or a stride.
public struct Size: Hashable, Sendable {
  /// Pixels from top to bottom.
  public var height: Int
  /// Pixels from left to right.
  public var width: Int

  /// Creates a size; both extents are at least 1.
  public init(height: Int, width: Int) {
    precondition(height > 0 && width > 0, "a size has no empty side")
    self.height = height
    self.width = width
  }

  /// Creates a square.
  public init(_ side: Int) { self.init(height: side, width: side) }

  /// The number of pixels covered.
  public var count: Int { height * width }
}

extension Size: CustomStringConvertible {
  /// `3x3`, as a network text writes it.
  public var description: String { "\(height)x\(width)" }
}
