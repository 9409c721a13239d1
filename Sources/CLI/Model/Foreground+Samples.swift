import Export
import Network

extension PictureFitting.Foreground {
  /// A mean of the border this near to black, or to white, is ground.
  private static let groundLimit = 48.0

  /// What stands out in grey pictures whose borders are all but black, or all but white; nil for other pictures.
  init?(of samples: [Sample], shape: Shape) {
    guard shape.channels == 1 else { return nil }
    let sum = samples.reduce(0) { $0 + Picture(shape: shape, pixels: $1.pixels).borderMean }
    switch sum / Double(samples.count) {
    case ...Self.groundLimit: self = .light
    case (255 - Self.groundLimit)...: self = .dark
    default: return nil
    }
  }
}
