import Network

/// An activation with zeros around it, so that a window can move over it without looking at
/// borders.
struct PaddedPicture {
  var shape: Shape
  var margins: Window.Margins

  init(_ window: Window, input: Shape) {
    margins = window.margins(for: input)
    shape = input
  }

  /// The padded height, width and number of vectors.
  var height: Int { shape.height + margins.top + margins.bottom }
  var width: Int { shape.width + margins.left + margins.right }
  var count: Int { height * width * shape.channels }

  /// Whether there is nothing around it.
  var isBare: Bool { height == shape.height && width == shape.width }

  /// Copies an activation into the middle of `target`, zeros around it.
  func pad(_ source: UnsafePointer<Lanes>, into target: UnsafeMutablePointer<Lanes>) {
    target.update(repeating: .zero, count: count)
    eachRow { target.advanced(by: $0).update(from: source + $1, count: $2) }
  }

  /// Copies the middle of `source` out of its zeros, or adds it.
  func crop(
    _ source: UnsafePointer<Lanes>, into target: UnsafeMutablePointer<Lanes>, accumulates: Bool
  ) {
    eachRow { padded, bare, count in
      if accumulates {
        for index in 0..<count { target[bare &+ index] += source[padded &+ index] }
      } else {
        target.advanced(by: bare).update(from: source + padded, count: count)
      }
    }
  }

  private func eachRow(_ body: (_ padded: Int, _ bare: Int, _ count: Int) -> Void) {
    for row in 0..<shape.height {
      let padded = ((row + margins.top) * width + margins.left) * shape.channels
      body(padded, row * shape.width * shape.channels, shape.width * shape.channels)
    }
  }
}
