import Network
import Train

/// What the first layers make of a picture of each label.
struct FeatureMapSection {
  private struct Row {
    var name: String
    var picture: PageImage
    var sheets: [PageImage]
  }

  private struct Heading {
    var layer: String
    var caption: String
  }

  private static let mostStages = 2
  private static let mostChannels = 16
  private static let mostPictures = 10
  /// All maps together have about this many pixels at most, so that the page stays small.
  private static let mostPixels = 250_000
  /// Of a map that is higher or wider, only every second pixel is shown, or fewer.
  private static let mostSide = 64

  private let headings: [Heading]
  private let rows: [Row]

  /// Nil where no layer makes maps.
  init?(_ subject: ReportSubject) throws {
    let network = subject.network
    let stages = network.mapStages.prefix(Self.mostStages)
    guard !stages.isEmpty else { return nil }
    let pixels = stages.reduce(0) { sum, layer in
      let shape = network.shapes[layer]
      return sum + Self.tile(of: shape).count * min(shape.channels, Self.mostChannels)
    }
    let count = min(max(Self.mostPixels / pixels, 1), Self.mostPictures)
    let positions = Array(Self.firstOfEachLabel(subject.validation).prefix(count))
    let maps = try network.maps(of: subject.validation, at: positions, stages: Array(stages))
    let ranges = stages.map { stage in
      let values = maps.compactMap { $0[stage] }
      return (
        low: values.compactMap { $0.min() }.min() ?? 0,
        high: values.compactMap { $0.max() }.max() ?? 0
      )
    }
    headings = zip(stages, ranges).map { stage, range in
      let shape = network.shapes[stage]
      let isCut = shape.channels > Self.mostChannels
      let step = Self.step(of: shape)
      return Heading(
        layer: network.layers[stage].name,
        caption: "\(shape)" + (isCut ? ", the first \(Self.mostChannels) channels" : "")
          + (step > 1 ? ", one pixel in \(step) down and across" : "")
          + ", black \(Self.number(range.low)), white \(Self.number(range.high))")
    }
    rows = zip(positions, maps).map { position, maps in
      let name = subject.validation.labelNames[subject.validation.label(at: position)]
      return Row(
        name: name,
        picture: PageImage(
          subject.validation.pagePicture(at: position),
          "\(subject.pictureName(position)), label \(name)", side: 96),
        sheets: zip(stages, ranges).map { stage, range in
          PageImage(
            Self.sheet(maps[stage] ?? [], network.shapes[stage], range),
            "What \(network.layers[stage].name) makes of the picture of \(name)", side: 448)
        })
    }
  }

  private static func firstOfEachLabel(_ dataset: Dataset) -> [Int] {
    var found: [Int: Int] = [:]
    for index in 0..<dataset.count where found[dataset.label(at: index)] == nil {
      found[dataset.label(at: index)] = index
      if found.count == dataset.labelNames.count { break }
    }
    return found.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The distance of the pixels shown.
  private static func step(of shape: Shape) -> Int {
    (max(shape.height, shape.width) + mostSide - 1) / mostSide
  }

  private static func tile(of shape: Shape) -> Size {
    let step = step(of: shape)
    return Size(
      height: (shape.height + step - 1) / step, width: (shape.width + step - 1) / step)
  }

  private static func sheet(
    _ values: [Float], _ shape: Shape, _ range: (low: Float, high: Float)
  ) -> Picture {
    let channels = min(shape.channels, mostChannels)
    let columns = min(channels, 8)
    var sheet = PictureSheet(
      tile: tile(of: shape), columns: columns, rows: (channels + columns - 1) / columns,
      channels: 2)
    let step = step(of: shape)
    let scale = 1 / max(range.high - range.low, .leastNormalMagnitude)
    for channel in 0..<channels {
      sheet.draw(at: channel) { row, column in
        let value = values[(row * shape.width + column) * step * shape.channels + channel]
        return Palette.grey((value - range.low) * scale)
      }
    }
    return sheet.picture
  }

  private static func number(_ value: Float) -> String {
    NumberFormat.decimal(Double(value), places: 2)
  }
}

extension Network {
  /// The layers whose output is worth a look: of each convolution, in order, what its batch norm and its activation behind it make
  /// of it.
  fileprivate var mapStages: [Int] {
    layers.indices.filter { index in
      switch layers[index].operation {
      case .conv2D, .depthwiseConv2D: shapes[index].height > 1 && shapes[index].width > 1
      default: false
      }
    }.map { index in
      var last = index
      while last + 1 < layers.count, layers[last + 1].inputs == [.layer(last)],
        layers[last + 1].operation.isElementwise
      { last += 1 }
      return last
    }
  }

  /// The outputs of some layers for each of the pictures at `positions`, by layer.
  fileprivate func maps(
    of dataset: Dataset, at positions: [Int], stages: [Int]
  ) throws -> [[Int: [Float]]] {
    var maps: [[Int: [Float]]] = []
    try forEachActivation(of: dataset, at: positions) { layer, _, values in
      if layer == 0 { maps.append([:]) }
      if stages.contains(layer) { maps[maps.count - 1][layer] = Array(values) }
    }
    return maps
  }
}

extension Layer.Operation {
  fileprivate var isElementwise: Bool {
    switch self {
    case .batchNorm, .relu, .activation, .dropout: true
    default: false
    }
  }
}
