extension ArenaPicture {
  /// A drawing as a self-contained SVG file: steps from left to right, addresses from top to bottom, a colour a layer.
  public var svg: String {
    let plot = (left: 70.0, top: 56.0, width: 800.0, height: 480.0)
    let legend = layersShown
    let bottom = max(plot.top + plot.height + 50, plot.top + Double(legend.count + 1) * 20 + 20)
    func x(_ step: Int) -> Double { plot.left + Double(step) / Double(stepCount) * plot.width }
    func y(_ byte: Int) -> Double { plot.top + Double(byte) / Double(byteCount) * plot.height }
    func rectangle(_ bytes: Range<Int>, _ steps: Range<Int>, _ fill: String, _ title: String)
      -> String
    {
      "<rect x=\"\(SVG.number(x(steps.lowerBound)))\" y=\"\(SVG.number(y(bytes.lowerBound)))\" "
        + "width=\"\(SVG.number(x(steps.upperBound) - x(steps.lowerBound)))\" "
        + "height=\"\(SVG.number(y(bytes.upperBound) - y(bytes.lowerBound)))\" fill=\"\(fill)\">"
        + "<title>\(title)</title></rect>\n"
    }
    var body = rectangle(0..<byteCount, 0..<stepCount, "#eeeeee", "free")
    body += rectangle(0..<stateByteCount, 0..<stepCount, "#555555", "the walk's state")
    for block in blocks {
      body += rectangle(
        block.bytes, block.steps, Self.colour(of: block.layer),
        "\(SVG.escaped(names[block.layer])): bytes \(block.bytes.lowerBound) to "
          + "\(block.bytes.upperBound - 1), steps \(block.steps.lowerBound) to "
          + "\(block.steps.upperBound - 1)")
    }
    for quarter in 0...4 {
      let byte = byteCount * quarter / 4
      let step = stepCount * quarter / 4
      body += SVG.label(plot.left - 8, y(byte) + 4, "end", "\(byte)")
      body += SVG.label(x(step), plot.top + plot.height + 20, "middle", "\(step)")
    }
    body += SVG.label(
      plot.left, 24, "start", "The arena over time: \(byteCount) bytes, at most \(mostInUse) in use"
    )
    body += SVG.label(plot.left - 8, 46, "end", "byte")
    body += SVG.label(plot.left + plot.width / 2, plot.top + plot.height + 42, "middle", "step")
    for (line, layer) in legend.enumerated() {
      let top = plot.top + Double(line) * 20
      let left = plot.left + plot.width + 24
      body +=
        "<rect x=\"\(SVG.number(left))\" y=\"\(SVG.number(top))\" width=\"14\" height=\"14\" "
        + "fill=\"\(Self.colour(of: layer))\"/>\n"
      body += SVG.label(left + 22, top + 12, "start", names[layer])
    }
    return SVG.file(width: 1080, height: bottom, body: body)
  }

  /// The layers that have a block.
  public var layersShown: [Int] { Set(blocks.map(\.layer)).sorted() }

  /// Neighbouring layers far apart on the wheel, and of two brightnesses.
  private static func colour(of layer: Int) -> String {
    "hsl(\(layer * 137 % 360),65%,\(layer % 2 == 0 ? 45 : 62)%)"
  }
}
