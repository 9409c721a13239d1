import Network

extension Picture {
  /// The picture in another size, each axis for itself: shrunk, a pixel is the mean of the area it covers; enlarged,
  /// it lies between its two neighbours.
  func resized(height: Int, width: Int) -> Picture {
    let channels = shape.channels
    let columns = Self.taps(from: shape.width, to: width)
    var narrow = [Float](repeating: 0, count: shape.height * width * channels)
    for row in 0..<shape.height {
      for (column, tap) in columns.enumerated() {
        for channel in 0..<channels {
          var sum: Float = 0
          for (index, weight) in tap.weights.enumerated() {
            let source = (row * shape.width + tap.first + index) * channels + channel
            sum += weight * Float(pixels[source])
          }
          narrow[(row * width + column) * channels + channel] = sum
        }
      }
    }
    let rowCount = width * channels
    var result: [UInt8] = []
    result.reserveCapacity(height * rowCount)
    for tap in Self.taps(from: shape.height, to: height) {
      for position in 0..<rowCount {
        var sum: Float = 0
        for (index, weight) in tap.weights.enumerated() {
          sum += weight * narrow[(tap.first + index) * rowCount + position]
        }
        result.append(UInt8(min(max(sum.rounded(), 0), 255)))
      }
    }
    return Picture(
      shape: Shape(height: height, width: width, channels: channels), pixels: result)
  }

  /// What one new pixel takes from the old ones along an axis: the weights add up to 1.
  private struct Tap {
    var first: Int
    var weights: [Float]
  }

  private static func taps(from old: Int, to new: Int) -> [Tap] {
    let ratio = Double(old) / Double(new)
    return (0..<new).map { index in
      if new >= old {
        // Middles on middles; the outermost pixels go on outside.
        let place = min(max((Double(index) + 0.5) * ratio - 0.5, 0), Double(old - 1))
        let first = min(Int(place), max(old - 2, 0))
        let share = Float(place - Double(first))
        return Tap(first: first, weights: old == 1 ? [1] : [1 - share, share])
      }
      let (start, end) = (Double(index) * ratio, Double(index + 1) * ratio)
      let first = Int(start)
      let last = min(Int(end.rounded(.up)), old) - 1
      let weights = (first...max(first, last)).map { pixel in
        Float((min(end, Double(pixel + 1)) - max(start, Double(pixel))) / ratio)
      }
      return Tap(first: first, weights: weights)
    }
  }
}
