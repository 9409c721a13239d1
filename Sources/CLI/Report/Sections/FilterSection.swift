import Network

/// The weights of the first layers that look at neighbouring pixels, as pictures.
struct FilterSection {
  private struct Sheet {
    var layer: String
    var caption: String
    var image: PageImage
  }

  private static let mostLayers = 2
  private static let mostFilters = 64
  private static let mostInputs = 16
  private static let side = 560

  private let sheets: [Sheet]

  /// Nil where no layer has filters.
  init?(_ network: Network) {
    sheets = network.layers.lazy.compactMap { layer in
      FilterBank(of: layer, in: network).map { Self.sheet(layer.name, $0) }
    }.prefix(Self.mostLayers).map { $0 }
    if sheets.isEmpty { return nil }
  }

  private static func sheet(_ layer: String, _ bank: FilterBank) -> Sheet {
    let filters = min(bank.count, mostFilters)
    let isColour = bank.readsColours
    let inputs = isColour ? 1 : min(bank.inputs, mostInputs)
    // Of one input filters go on in the next row; of several a row is an input.
    let columns =
      inputs > 1 ? filters : min(filters, max(4, min(16, 240 / (bank.tile.width + 1))))
    let rows = inputs > 1 ? inputs : (filters + columns - 1) / columns
    var sheet = PictureSheet(tile: bank.tile, columns: columns, rows: rows, channels: 4)
    let scale = 1 / max(bank.largest, .leastNormalMagnitude)
    for filter in 0..<filters {
      for input in 0..<inputs {
        sheet.draw(at: input * columns + filter) { row, column in
          isColour
            ? Palette.colour((0..<3).map { bank.weight(filter, row, column, $0) * scale })
            : Palette.diverging(bank.weight(filter, row, column, input) * scale)
        }
      }
    }
    let shown = filters < bank.count || (!isColour && inputs < bank.inputs)
    let caption =
      "\(bank.count) filters of \(bank.tile)x\(bank.inputs)"
      + (shown ? ", the first \(filters) with \(inputs) inputs shown" : "")
      + (inputs > 1 ? "; a column is a filter, a row one of its inputs" : "")
      + (isColour
        ? "; grey is 0, a colour's largest weight "
        : "; white is 0, orange above, blue below, the strongest colour ")
      + NumberFormat.decimal(Double(bank.largest), places: 3)
    return Sheet(
      layer: layer, caption: caption,
      image: PageImage(sheet.picture, "Weights of \(layer), \(caption)", side: side))
  }
}

/// A layer's weights as filters over pixels.
private struct FilterBank {
  let count: Int
  let tile: Size
  /// The input channels that a filter reads.
  let inputs: Int
  /// Whether the inputs are red, green and blue.
  let readsColours: Bool
  /// The largest magnitude.
  let largest: Float
  private let values: [Float]
  private let isDepthwise: Bool

  /// Nil for a layer without weights over pixels, and for dense layers behind others, whose inputs are no picture any more.
  init?(of layer: Layer, in network: Network) {
    guard let weight = network.weight(of: layer) else { return nil }
    switch layer.operation {
    case .conv2D(let kind):
      (count, tile, inputs) = (kind.outputChannels, kind.window.kernel, weight.shape[3])
      isDepthwise = false
    case .depthwiseConv2D(let kind):
      (count, tile, inputs) = (weight.shape[2], kind.window.kernel, 1)
      isDepthwise = true
    case .dense(let kind):
      let input = network.inputShapes(of: layer)[0]
      guard input.channels == network.input.channels, input.count == network.input.count else {
        return nil
      }
      (count, tile) = (kind.outputs, Size(height: input.height, width: input.width))
      inputs = input.channels
      isDepthwise = false
    default: return nil
    }
    guard tile.count > 1 else { return nil }
    readsColours = layer.inputs == [.picture] && inputs == 3
    values = weight.values
    largest = values.reduce(0) { max($0, abs($1)) }
  }

  func weight(_ filter: Int, _ row: Int, _ column: Int, _ input: Int) -> Float {
    let pixel = row * tile.width + column
    return isDepthwise
      ? values[pixel * count + filter] : values[(filter * tile.count + pixel) * inputs + input]
  }
}
