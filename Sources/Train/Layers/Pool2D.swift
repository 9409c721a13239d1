import Network

/// Where a pool's windows lie; padding is left out of them.
struct PoolWindow {
  let input: Shape
  let output: Shape
  /// Where the pixels under all windows are, in vectors, window by window.
  private let pixels: Memory<Int32>
  /// Where each window's start in `pixels`, and the last one's end.
  private let starts: Memory<Int32>

  init(_ window: Window, input: Shape, output: Shape) {
    self.input = input
    self.output = output
    let channels = output.pixelStride / Lanes.scalarCount
    let margins = window.margins(for: input)
    var pixels: [Int] = []
    var starts = [0]
    for row in 0..<output.height {
      let top = row * window.stride.height - margins.top
      for column in 0..<output.width {
        let left = column * window.stride.width - margins.left
        for y in max(top, 0)..<min(top + window.kernel.height, input.height) {
          for x in max(left, 0)..<min(left + window.kernel.width, input.width) {
            pixels.append((y * input.width + x) * channels)
          }
        }
        starts.append(pixels.count)
      }
    }
    self.pixels = Memory(offsets: pixels)
    self.starts = Memory(offsets: starts)
  }

  /// Vectors a pixel.
  var channels: Int { output.pixelStride / Lanes.scalarCount }

  /// Calls `body` with each output vector's place, its channels', and the pixels under its window.
  @inline(__always)
  func eachVector(
    _ body: (_ output: Int, _ channels: Int, _ pixels: UnsafeBufferPointer<Int32>) -> Void
  ) {
    var output = 0
    for window in 0..<self.output.pixelCount {
      let first = Int(starts.start[window])
      let under = UnsafeBufferPointer(
        start: pixels.start + first, count: Int(starts.start[window &+ 1]) &- first)
      for channel in 0..<channels {
        body(output, channel, under)
        output &+= 1
      }
    }
  }
}

/// The largest value under each window. Backwards, the first that is as large takes the gradient.
struct MaxPool2DMath: LayerMath {
  var window: PoolWindow
  var input: Edge
  var output: Int

  func forward(_ picture: Picture, _ context: Context) {
    let x = picture.activations[input.value].vectors
    let y = picture.activations[output].vectors
    window.eachVector { output, channels, pixels in
      var largest = Lanes(repeating: -.infinity)
      for pixel in pixels {
        let value = x[Int(pixel) &+ channels]
        largest.replace(with: value, where: value .> largest)
      }
      y[output] = largest
    }
  }

  func backward(_ picture: Picture, _ context: Context) {
    guard input.needsGradient else { return }
    let x = picture.activations[input.value].vectors
    let y = picture.activations[output].vectors
    let target = picture.gradients[input.value].vectors
    let gradient = picture.gradients[output].vectors
    if !input.accumulates { target.update(repeating: .zero, count: window.input.vectorCount) }
    window.eachVector { output, channels, pixels in
      let largest = y[output]
      var rest = gradient[output]
      for pixel in pixels {
        let place = Int(pixel) &+ channels
        let isLargest = x[place] .== largest
        target[place] += Lanes.zero.replacing(with: rest, where: isLargest)
        rest.replace(with: 0, where: isLargest)
      }
    }
  }
}

/// The mean of the values under each window.
struct AveragePool2DMath: LayerMath {
  var window: PoolWindow
  var input: Edge
  var output: Int

  func forward(_ picture: Picture, _ context: Context) {
    let x = picture.activations[input.value].vectors
    let y = picture.activations[output].vectors
    window.eachVector { output, channels, pixels in
      var sum = Lanes.zero
      for pixel in pixels { sum += x[Int(pixel) &+ channels] }
      y[output] = sum * (1 / Float(pixels.count))
    }
  }

  func backward(_ picture: Picture, _ context: Context) {
    guard input.needsGradient else { return }
    let target = picture.gradients[input.value].vectors
    let gradient = picture.gradients[output].vectors
    if !input.accumulates { target.update(repeating: .zero, count: window.input.vectorCount) }
    window.eachVector { output, channels, pixels in
      let part = gradient[output] * (1 / Float(pixels.count))
      for pixel in pixels { target[Int(pixel) &+ channels] += part }
    }
  }
}
