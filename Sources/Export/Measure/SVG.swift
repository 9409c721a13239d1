/// What drawings in SVG are put together from.
package enum SVG {
  /// A number with at most two decimal places.
  package static func number(_ value: Double) -> String {
    let hundredths = Int((abs(value) * 100).rounded())
    let sign = value < 0 && hundredths > 0 ? "-" : ""
    let fraction = hundredths % 100
    if fraction == 0 { return "\(sign)\(hundredths / 100)" }
    return "\(sign)\(hundredths / 100)." + (fraction < 10 ? "0" : "") + "\(fraction)"
  }

  /// Text as it stands between tags.
  package static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  /// A line of text whose `anchor` (`start`, `middle`, `end`) is at `x`.
  package static func label(_ x: Double, _ y: Double, _ anchor: String, _ text: String) -> String {
    "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">\(escaped(text))</text>\n"
  }

  /// A whole file, white where nothing is drawn.
  package static func file(width: Double, height: Double, body: String) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="\(number(width))" height="\(number(height))" \
    font-family="sans-serif" font-size="13">
    <rect width="\(number(width))" height="\(number(height))" fill="#ffffff"/>
    \(body)</svg>

    """
  }
}
