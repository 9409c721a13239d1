/// A round pen on a square black picture. A pixel's value is the ink times how much of it the pen covers, judged by
/// the distance from its middle to the nearest stroke.
struct DigitPen {
  /// Half the width of a stroke, in pixels.
  let radius: Float
  /// The value of a covered pixel, 0 to 255.
  let ink: Float
  /// The side of the picture, in pixels.
  let side: Int

  /// Draws polylines given in pixels; parts outside the picture are cut off.
  func draw(_ strokes: [[SIMD2<Float>]]) -> [UInt8] {
    var coverage = [Float](repeating: 0, count: side * side)
    for stroke in strokes {
      for (start, end) in zip(stroke, stroke.dropFirst()) {
        cover(from: start, to: end, into: &coverage)
      }
    }
    return coverage.map { UInt8(($0 * ink).rounded()) }
  }

  private func cover(
    from start: SIMD2<Float>, to end: SIMD2<Float>, into coverage: inout [Float]
  ) {
    let reach = radius + 1
    let rows = pixels(from: min(start.y, end.y) - reach, to: max(start.y, end.y) + reach)
    let columns = pixels(from: min(start.x, end.x) - reach, to: max(start.x, end.x) + reach)
    let step = end - start
    let squaredLength = max((step * step).sum(), 1e-6)
    for row in rows {
      for column in columns {
        let middle = SIMD2(Float(column) + 0.5, Float(row) + 0.5)
        let share = min(max(((middle - start) * step).sum() / squaredLength, 0), 1)
        let offset = middle - (start + step * share)
        let distance = (offset * offset).sum().squareRoot()
        let covered = min(max(radius + 0.5 - distance, 0), 1)
        coverage[row * side + column] = max(coverage[row * side + column], covered)
      }
    }
  }

  /// The pixels an interval touches, those of the picture only.
  private func pixels(from low: Float, to high: Float) -> Range<Int> {
    let first = Int(min(max(low, 0), Float(side)))
    let last = Int(min(max(high.rounded(.up), 0), Float(side)))
    return first..<max(first, last)
  }
}
