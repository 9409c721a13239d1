import Network

/// An activation with zeros around it, so that a window can move over it without looking at
/// borders.
struct PaddedPicture {
  var shape: Shape
  /// Floats from a pixel to the next.
  var pixel: Int
  var margins: Window.Margins

  init(_ window: Window, input: Shape, pixel: Int) {
    margins = window.margins(for: input)
    shape = input
    self.pixel = pixel
  }

  /// Floats from a padded row to the next.
  var row: Int { (shape.width + margins.left + margins.right) * pixel }
  /// The number of floats, padding included.
  var count: Int { (shape.height + margins.top + margins.bottom) * row }

  /// Whether there is nothing around it.
  var isBare: Bool { margins == Window.Margins() }

  /// Where the pixels under a window are, from its first.
  func taps(of window: Window) -> [Int] {
    (0..<window.kernel.count).map {
      window.dilation * ($0 / window.kernel.width * row + $0 % window.kernel.width * pixel)
    }
  }

  /// Where each window's first pixel is.
  func windows(of window: Window, output: Shape) -> [Int] {
    (0..<output.pixelCount).map {
      $0 / output.width * window.stride.height * row
        + $0 % output.width * window.stride.width * pixel
    }
  }

  /// The working memory that `padded` and `inputGradient` take, in floats.
  var scratchCount: Int { isBare ? 0 : count }

  /// The activation with its padding: itself if it has none, else a copy in `scratch`.
  func padded(
    _ source: UnsafePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
  ) -> UnsafePointer<Float> {
    guard !isBare else { return source }
    scratch.update(repeating: 0, count: count)
    eachRow { padded, bare, count in
      (scratch + padded).update(from: source + bare, count: count)
    }
    return UnsafePointer(scratch)
  }

  /// Lets `body` add to a padded gradient, and writes it, or adds it, to `target` without the padding.
  @inline(__always)
  func inputGradient(
    into target: UnsafeMutablePointer<Float>, accumulates: Bool,
    _ scratch: UnsafeMutablePointer<Float>, _ body: (UnsafeMutablePointer<Float>) -> Void
  ) {
    guard !isBare else {
      if !accumulates { target.update(repeating: 0, count: count) }
      body(target)
      return
    }
    scratch.update(repeating: 0, count: count)
    body(scratch)
    eachRow { padded, bare, count in
      if accumulates {
        for index in 0..<count { target[bare &+ index] += scratch[padded &+ index] }
      } else {
        (target + bare).update(from: scratch + padded, count: count)
      }
    }
  }

  private func eachRow(_ body: (_ padded: Int, _ bare: Int, _ count: Int) -> Void) {
    for line in 0..<shape.height {
      let padded = (line + margins.top) * row + margins.left * pixel
      body(padded, line * shape.width * pixel, shape.width * pixel)
    }
  }
}
