import Network

/// What a convolution adds to each output channel: the bias, filled up with zeros; zeros where there is none.
struct ConvolutionBias {
  private let parameter: Parameter?
  private let shape: Shape
  private let filledUp: Memory<Float>

  /// A bias of outputs of `shape`.
  init(_ parameter: Parameter?, shape: Shape) {
    self.parameter = parameter
    self.shape = shape
    filledUp = Memory(count: shape.pixelStride)
  }

  /// A value a channel.
  var values: UnsafePointer<Float> { UnsafePointer(filledUp.start) }
  /// The number of floats of sums it needs.
  var sumCount: Int { parameter == nil ? 0 : shape.pixelStride }

  /// Takes the parameter's values.
  func settle() {
    guard let parameter else { return }
    filledUp.start.update(from: parameter.values, count: shape.channels)
  }

  /// Adds a picture's gradient, summed over the pixels.
  func backward(_ gradient: UnsafePointer<Float>, addingTo sums: UnsafeMutablePointer<Float>) {
    guard parameter != nil else { return }
    let channels = shape.pixelStride / Lanes.scalarCount
    let (gradient, sums) = (gradient.vectors, sums.vectors)
    for channel in 0..<channels {
      sums[channel] += sum(shape.pixelCount) { gradient[$0 &* channels &+ channel] }
    }
  }

  /// Writes the gradient from the sums.
  func finish(_ block: Block, _ sums: UnsafePointer<Float>) {
    guard let parameter else { return }
    (block.parameterGradients.start + parameter.offset).update(from: sums, count: shape.channels)
  }
}
