import Network

/// Draws small pictures with characters, two rows of pixels a line.
struct PictureDrawing: Hashable {
  /// What the terminal can show.
  enum Style: Hashable {
    /// 24-bit colours on half-block characters.
    case trueColour
    /// The grey ramp of 256 colours on half-block characters.
    case greys
    /// Characters from sparse to dense, light pixels dense.
    case characters
  }

  private static let ramp = Array(" .:-=+*#%@")
  private static let reset = "\u{1b}[0m"

  /// How to draw.
  let style: Style

  /// Draws in `style`.
  init(style: Style) { self.style = style }

  /// Draws as the terminal can: characters where it is none, is dumb, or `NO_COLOR` is set to something; 24 bits
  /// where `COLORTERM` says so.
  init(isInteractive: Bool, environment: [String: String]) {
    let isPlain = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    if !isInteractive || isPlain {
      style = .characters
    } else if ["truecolor", "24bit"].contains(environment["COLORTERM"]) {
      style = .trueColour
    } else {
      style = .greys
    }
  }

  /// The lines, in colour or grey; alpha lies over black.
  func lines(_ picture: Picture) -> [String] {
    let picture = picture.over(0)
    return stride(from: 0, to: picture.shape.height, by: 2).map { row in
      let cells = (0..<picture.shape.width).map { column in
        let upper = pixel(row, column, of: picture)
        let isLast = row + 1 == picture.shape.height
        return cell(upper, isLast ? [0, 0, 0] : pixel(row + 1, column, of: picture))
      }
      return cells.joined() + (style == .characters ? "" : Self.reset)
    }
  }

  private func cell(_ upper: [UInt8], _ lower: [UInt8]) -> String {
    switch style {
    case .trueColour:
      let (above, below) = (upper.map(String.init), lower.map(String.init))
      return "\u{1b}[38;2;\(above.joined(separator: ";"));48;2;\(below.joined(separator: ";"))m▀"
    case .greys:
      return "\u{1b}[38;5;\(greyIndex(upper));48;5;\(greyIndex(lower))m▀"
    case .characters:
      let level = (brightness(upper) + brightness(lower)) / 2 * Self.ramp.count / 256
      return String(Self.ramp[level])
    }
  }

  /// Black, one of 24 greys, or white.
  private func greyIndex(_ colour: [UInt8]) -> Int {
    let step = (brightness(colour) * 25 + 127) / 255
    return step == 0 ? 16 : step == 25 ? 231 : 231 + step
  }

  private func brightness(_ colour: [UInt8]) -> Int {
    (299 * Int(colour[0]) + 587 * Int(colour[1]) + 114 * Int(colour[2]) + 500) / 1000
  }

  /// Red, green and blue.
  private func pixel(_ row: Int, _ column: Int, of picture: Picture) -> [UInt8] {
    let channels = picture.shape.channels
    let start = (row * picture.shape.width + column) * channels
    return (0..<3).map { picture.pixels[start + min($0, channels - 1)] }
  }
}
