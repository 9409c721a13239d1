import Network

/// Where a pool's windows lie.
struct PoolWindow {
  let input: Shape
  let output: Shape
  /// The number of pixels under a window.
  let tapCount: Int
  /// Where they are, from the window's first, and where each window starts, in vectors.
  private let taps: Memory<Int32>
  private let windows: Memory<Int32>

  init(_ window: Window, input: Shape, output: Shape) {
    self.input = input
    self.output = output
    let picture = PaddedPicture(
      window, input: input, pixel: input.pixelStride / Lanes.scalarCount)
    precondition(picture.isBare, "a pool's window is not padded")
    tapCount = window.kernel.count
    taps = Memory(offsets: picture.taps(of: window))
    windows = Memory(offsets: picture.windows(of: window, output: output))
  }

  /// Calls `body` with each output vector's place, and that of the first vector under its window.
  @inline(__always)
  func eachVector(_ body: (_ output: Int, _ first: Int) -> Void) {
    let channels = output.pixelStride / Lanes.scalarCount
    var output = 0
    for window in 0..<self.output.pixelCount {
      let first = Int(windows.start[window])
      for channel in 0..<channels {
        body(output, first &+ channel)
        output &+= 1
      }
    }
  }

  /// Calls `body` with the place of each vector under the window whose first is at `first`.
  @inline(__always)
  func eachTap(from first: Int, _ body: (_ place: Int) -> Void) {
    for tap in 0..<tapCount { body(first &+ Int(taps.start[tap])) }
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
    window.eachVector { output, first in
      var largest = Lanes(repeating: -.infinity)
      window.eachTap(from: first) { place in
        let value = x[place]
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
    window.eachVector { output, first in
      let largest = y[output]
      var rest = gradient[output]
      window.eachTap(from: first) { place in
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

  /// What a value under a window counts.
  private var share: Float { 1 / Float(window.tapCount) }

  func forward(_ picture: Picture, _ context: Context) {
    let x = picture.activations[input.value].vectors
    let y = picture.activations[output].vectors
    window.eachVector { output, first in
      var sum = Lanes.zero
      window.eachTap(from: first) { sum += x[$0] }
      y[output] = sum * share
    }
  }

  func backward(_ picture: Picture, _ context: Context) {
    guard input.needsGradient else { return }
    let target = picture.gradients[input.value].vectors
    let gradient = picture.gradients[output].vectors
    if !input.accumulates { target.update(repeating: .zero, count: window.input.vectorCount) }
    window.eachVector { output, first in
      let part = gradient[output] * share
      window.eachTap(from: first) { target[$0] += part }
    }
  }
}
