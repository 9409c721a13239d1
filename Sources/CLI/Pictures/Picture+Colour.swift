import Network

extension Picture {
  /// The picture without alpha, laid over a grey.
  func over(_ background: UInt8) -> Picture {
    guard hasAlpha else { return self }
    let colours = colourChannels
    var result: [UInt8] = []
    result.reserveCapacity(shape.height * shape.width * colours)
    for start in stride(from: 0, to: pixels.count, by: shape.channels) {
      let alpha = Int(pixels[start + colours])
      for channel in 0..<colours {
        let mixed = Int(pixels[start + channel]) * alpha + Int(background) * (255 - alpha)
        result.append(UInt8((mixed + 127) / 255))
      }
    }
    return Picture(shape: with(channels: colours), pixels: result)
  }

  /// The picture in grey (1) or colour (3); it has no alpha. Grey is 0.299 red, 0.587 green and 0.114 blue, as in
  /// JPEG.
  func withColourChannels(_ channels: Int) -> Picture {
    precondition(!hasAlpha, "alpha is laid over a background first")
    if shape.channels == channels { return self }
    if shape.channels == 1 {
      let spread = pixels.flatMap { [$0, $0, $0] }
      return Picture(shape: with(channels: 3), pixels: spread)
    }
    let grey = stride(from: 0, to: pixels.count, by: 3).map { start -> UInt8 in
      let red = 299 * Int(pixels[start])
      let green = 587 * Int(pixels[start + 1])
      let blue = 114 * Int(pixels[start + 2])
      return UInt8((red + green + blue + 500) / 1000)
    }
    return Picture(shape: with(channels: 1), pixels: grey)
  }

  /// Light for dark and dark for light; alpha would not stay what it is, so there is none.
  func inverted() -> Picture {
    precondition(!hasAlpha, "alpha is laid over a background first")
    return Picture(shape: shape, pixels: pixels.map { 255 - $0 })
  }

  /// The mean of the outermost pixels, all channels together, 0 to 255.
  var borderMean: Double {
    var (sum, count) = (0, 0)
    for row in 0..<shape.height {
      let isWhole = row == 0 || row == shape.height - 1
      for column in isWhole ? Array(0..<shape.width) : [0, shape.width - 1] {
        let start = (row * shape.width + column) * shape.channels
        for value in pixels[start..<start + shape.channels] { sum += Int(value) }
        count += shape.channels
      }
    }
    return Double(sum) / Double(count)
  }

  private func with(channels: Int) -> Shape {
    Shape(height: shape.height, width: shape.width, channels: channels)
  }
}
