import Network

/// Values that come from other places: output value n is that of an input, or nothing. Concatenation, padding, reshape
/// and upsampling.
struct RearrangeMath: LayerMath {
  private let inputs: [Edge]
  private let inputShapes: [Shape]
  private let output: Int
  private let outputShape: Shape
  /// For each input which of its floats go to which of the output; the others are 0.
  private let moves: [[Move]]

  /// Floats side by side that stay so.
  fileprivate struct Move {
    var from: Int
    var to: Int
    var count: Int
  }

  /// An arithmetic for an output of `shape`; `source` says where the value at a row, a column and a channel comes
  /// from: which input, and which of its values, filling not counted.
  init(
    inputs: [Edge], shapes: [Shape], output: Int, shape: Shape,
    source: (_ row: Int, _ column: Int, _ channel: Int) -> (input: Int, index: Int)?
  ) {
    self.inputs = inputs
    inputShapes = shapes
    self.output = output
    outputShape = shape
    var moves: [[Move]] = inputs.map { _ in [] }
    for row in 0..<shape.height {
      for column in 0..<shape.width {
        for channel in 0..<shape.channels {
          guard let source = source(row, column, channel) else { continue }
          let from = shapes[source.input].filledUp(source.index)
          let to = shape.filledUp(shape.index(row, column, channel))
          moves[source.input].append(from: from, to: to)
        }
      }
    }
    self.moves = moves
  }

  func forward(_ picture: Picture, _ context: Context) {
    let y = picture.activations[output]
    y.update(repeating: 0, count: outputShape.floatCount)
    for (input, moves) in zip(inputs, moves) {
      let x = picture.activations[input.value]
      for move in moves { (y + move.to).update(from: x + move.from, count: move.count) }
    }
  }

  func backward(_ picture: Picture, _ context: Context) {
    let gradient = picture.gradients[output]
    for (number, input) in inputs.enumerated() where input.needsGradient {
      let target = picture.gradients[input.value]
      if !input.accumulates {
        target.update(repeating: 0, count: inputShapes[number].floatCount)
      }
      for move in moves[number] {
        for index in 0..<move.count {
          target[move.from &+ index] += gradient[move.to &+ index]
        }
      }
    }
  }
}

extension [RearrangeMath.Move] {
  /// Adds a float, to the last move where it goes on with that.
  fileprivate mutating func append(from: Int, to: Int) {
    if let last, last.from + last.count == from, last.to + last.count == to {
      self[count - 1].count += 1
    } else {
      append(RearrangeMath.Move(from: from, to: to, count: 1))
    }
  }
}

extension Shape {
  /// The float that holds the value of an index, filling counted.
  fileprivate func filledUp(_ index: Int) -> Int {
    index / channels * pixelStride + index % channels
  }

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
