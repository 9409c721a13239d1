import Network

/// Where a pool's windows lie; padding is left out of them.
struct PoolWindow {
  var window: Window
  var input: Shape
  var output: Shape

  init(_ window: Window, input: Shape, output: Shape) {
    self.window = window
    self.input = input
    self.output = output
  }

  /// Calls `body` with each output pixel's offset and the rows and columns of input under its
  /// window.
  @inline(__always)
  func eachPixel(_ body: (_ output: Int, _ rows: Range<Int>, _ columns: Range<Int>) -> Void) {
    let margins = window.margins(for: input)
    for row in 0..<output.height {
      let top = row * window.stride.height - margins.top
      let rows = max(top, 0)..<min(top + window.kernel.height, input.height)
      for column in 0..<output.width {
        let left = column * window.stride.width - margins.left
        let columns = max(left, 0)..<min(left + window.kernel.width, input.width)
        body((row * output.width + column) * output.channels, rows, columns)
      }
    }
  }

  /// The offset of an input pixel.
  @inline(__always)
  func offset(_ row: Int, _ column: Int) -> Int {
    (row &* input.width &+ column) &* input.channels
  }
}

/// The largest value under each window. Backwards, the first that is as large takes the gradient.
struct MaxPool2DMath: LayerMath {
  var window: PoolWindow
  var input: Edge
  var output: Int

  func forward(_ block: Block, _ context: Context) {
    let x = block.activations[input.value]
    let y = block.activations[output]
    window.eachPixel { output, rows, columns in
      for channel in 0..<window.output.channels {
        var largest = Lanes(repeating: -.infinity)
        for row in rows {
          for column in columns {
            let value = x[window.offset(row, column) &+ channel]
            largest.replace(with: value, where: value .> largest)
          }
        }
        y[output &+ channel] = largest
      }
    }
  }

  func backward(_ block: Block, _ context: Context) {
    guard input.needsGradient else { return }
    let x = block.activations[input.value]
    let y = block.activations[output]
    let target = block.gradients[input.value]
    let gradient = block.gradients[output]
    if !input.accumulates { target.update(repeating: .zero, count: window.input.count) }
    window.eachPixel { output, rows, columns in
      for channel in 0..<window.output.channels {
        let largest = y[output &+ channel]
        var rest = gradient[output &+ channel]
        for row in rows {
          for column in columns {
            let offset = window.offset(row, column) &+ channel
            let isLargest = x[offset] .== largest
            target[offset] += Lanes.zero.replacing(with: rest, where: isLargest)
            rest.replace(with: 0, where: isLargest)
          }
        }
      }
    }
  }
}

/// The mean of the values under each window.
struct AveragePool2DMath: LayerMath {
  var window: PoolWindow
  var input: Edge
  var output: Int

  func forward(_ block: Block, _ context: Context) {
    let x = block.activations[input.value]
    let y = block.activations[output]
    window.eachPixel { output, rows, columns in
      let share = 1 / Float(rows.count * columns.count)
      for channel in 0..<window.output.channels {
        var sum = Lanes.zero
        for row in rows {
          for column in columns { sum += x[window.offset(row, column) &+ channel] }
        }
        y[output &+ channel] = sum * share
      }
    }
  }

  func backward(_ block: Block, _ context: Context) {
    guard input.needsGradient else { return }
    let target = block.gradients[input.value]
    let gradient = block.gradients[output]
    if !input.accumulates { target.update(repeating: .zero, count: window.input.count) }
    window.eachPixel { output, rows, columns in
      let share = 1 / Float(rows.count * columns.count)
      for channel in 0..<window.output.channels {
        let part = gradient[output &+ channel] * share
        for row in rows {
          for column in columns { target[window.offset(row, column) &+ channel] += part }
        }
      }
    }
  }
}
