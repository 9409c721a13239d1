import Network

/// Values that come from other places: output value n is that of an input, or nothing. Concatenation, padding, reshape
/// and upsampling.
struct RearrangeMath: LayerMath {
  private let inputs: [Edge]
  private let inputCounts: [Int]
  private let output: Int
  /// For each value of the output which input it comes from and where it is there; nil for 0.
  private let sources: [(input: Int, index: Int)?]

  /// An arithmetic for an output of `shape`; `source` says where the value at a row, a column and a channel comes
  /// from.
  init(
    inputs: [Edge], shapes: [Shape], output: Int, shape: Shape,
    source: (_ row: Int, _ column: Int, _ channel: Int) -> (input: Int, index: Int)?
  ) {
    self.inputs = inputs
    inputCounts = shapes.map(\.count)
    self.output = output
    var sources: [(input: Int, index: Int)?] = []
    for row in 0..<shape.height {
      for column in 0..<shape.width {
        for channel in 0..<shape.channels { sources.append(source(row, column, channel)) }
      }
    }
    self.sources = sources
  }

  func forward(_ block: Block, _ context: Context) {
    let x = inputs.map { block.activations[$0.value] }
    let y = block.activations[output]
    for (index, source) in sources.enumerated() {
      y[index] = source.map { x[$0.input][$0.index] } ?? .zero
    }
  }

  func backward(_ block: Block, _ context: Context) {
    let gradient = block.gradients[output]
    for (number, input) in inputs.enumerated() where input.needsGradient {
      let target = block.gradients[input.value]
      if !input.accumulates { target.update(repeating: .zero, count: inputCounts[number]) }
      for (index, source) in sources.enumerated() {
        if let source, source.input == number { target[source.index] += gradient[index] }
      }
    }
  }
}

extension Shape {
  /// The index of a value.
  fileprivate func index(_ row: Int, _ column: Int, _ channel: Int) -> Int {
    (row * width + column) * channels + channel
  }
}

extension RearrangeMath {
  init(_ kind: Concat, inputs: [Edge], shapes: [Shape], output: Int, shape: Shape) {
    let (first, second) = (shapes[0], shapes[1])
    self.init(inputs: inputs, shapes: shapes, output: output, shape: shape) {
      row, column, channel in
      channel < first.channels
        ? (0, first.index(row, column, channel))
        : (1, second.index(row, column, channel - first.channels))
    }
  }

  init(_ kind: Pad, inputs: [Edge], shapes: [Shape], output: Int, shape: Shape) {
    let input = shapes[0]
    let margins = kind.margins
    self.init(inputs: inputs, shapes: shapes, output: output, shape: shape) {
      row, column, channel in
      let (row, column) = (row - margins.top, column - margins.left)
      guard (0..<input.height).contains(row), (0..<input.width).contains(column) else { return nil }
      return (0, input.index(row, column, channel))
    }
  }

  init(_ kind: Reshape, inputs: [Edge], shapes: [Shape], output: Int, shape: Shape) {
    self.init(inputs: inputs, shapes: shapes, output: output, shape: shape) {
      row, column, channel in
      (0, shape.index(row, column, channel))
    }
  }

  init(_ kind: Upsample, inputs: [Edge], shapes: [Shape], output: Int, shape: Shape) {
    let input = shapes[0]
    self.init(inputs: inputs, shapes: shapes, output: output, shape: shape) {
      row, column, channel in
      (0, input.index(row / kind.factors.height, column / kind.factors.width, channel))
    }
  }
}
