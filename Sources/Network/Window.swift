/// What a layer that looks at pictures does at the border.
public enum Padding: String, Sendable, CaseIterable {
  /// No padding: the window stays inside the picture.
  case valid
  /// Zeros around the picture, so that the output is `ceil(input / stride)` wide. An odd total puts
  /// the smaller half above and to the left, as TensorFlow does.
  case same
}

/// How a window moves over a picture: shared by convolutions and pools.
public struct Window: Hashable, Sendable {
  /// The pixels under the window.
  public var kernel: Size
  /// How far it moves from one output pixel to the next.
  public var stride: Size
  /// What happens at the border.
  public var padding: Padding
  /// The distance of neighbouring pixels under the window; 1 is a window without gaps.
  public var dilation: Int

  /// Creates a window.
  public init(
    kernel: Size, stride: Size = Size(1), padding: Padding = .valid, dilation: Int = 1
  ) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
  }

  /// The pixels from the first to the last under the window, gaps counted.
  public var extent: Size {
    Size(height: (kernel.height - 1) * dilation + 1, width: (kernel.width - 1) * dilation + 1)
  }

  /// The rows and columns of padding added before and after, for an input of this many pixels.
  public struct Margins: Hashable, Sendable {
    /// Rows above.
    public var top: Int
    /// Rows below.
    public var bottom: Int
    /// Columns to the left.
    public var left: Int
    /// Columns to the right.
    public var right: Int

    /// Creates margins.
    public init(top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0) {
      self.top = top
      self.bottom = bottom
      self.left = left
      self.right = right
    }
  }

  /// The padding around an input of shape `input`; all zero for `.valid`.
  public func margins(for input: Shape) -> Margins {
    let (top, bottom) = Self.margin(
      input.height, extent.height, stride.height, padding)
    let (left, right) = Self.margin(input.width, extent.width, stride.width, padding)
    return Margins(top: top, bottom: bottom, left: left, right: right)
  }

  /// The output's height and width for an input, or nil where the window does not fit once.
  public func outputSize(for input: Shape) -> Size? {
    let margins = margins(for: input)
    let height = input.height + margins.top + margins.bottom - extent.height
    let width = input.width + margins.left + margins.right - extent.width
    guard height >= 0, width >= 0 else { return nil }
    return Size(height: height / stride.height + 1, width: width / stride.width + 1)
  }

  /// The shape of a convolution's output with `channels`, for an input.
  /// - Throws: `LayerError` where the window does not fit once, or the input becomes too large by its padding.
  func outputShape(for input: Shape, channels: Int) throws(LayerError) -> Shape {
    guard let size = outputSize(for: input) else { throw .windowDoesNotFit(extent, input) }
    let margins = margins(for: input)
    let padded = [
      margins.top + input.height + margins.bottom, margins.left + input.width + margins.right,
      input.channels,
    ].saturatingProduct
    guard padded <= Network.activationLimit else { throw .paddedValues(padded) }
    return Shape(height: size.height, width: size.width, channels: channels)
  }

  private static func margin(_ input: Int, _ kernel: Int, _ stride: Int, _ padding: Padding)
    -> (before: Int, after: Int)
  {
    guard padding == .same else { return (0, 0) }
    let output = (input + stride - 1) / stride
    let total = max((output - 1) * stride + kernel - input, 0)
    return (total / 2, total - total / 2)
  }
}
