/// How each kind of layer is read from what follows its keyword.
enum LayerReader {
  typealias Read = @Sendable (inout LayerArguments) throws(NetworkTextError) -> Layer.Operation

  /// The readers by keyword.
  static let all: [String: Read] = [
    Conv2D.keyword: conv2D,
    DepthwiseConv2D.keyword: depthwiseConv2D,
    Dense.keyword: dense,
    MaxPool2D.keyword: maxPool2D,
    AveragePool2D.keyword: averagePool2D,
    GlobalAveragePool.keyword: { _ in .globalAveragePool(GlobalAveragePool()) },
    GlobalMaxPool.keyword: { _ in .globalMaxPool(GlobalMaxPool()) },
    BatchNorm.keyword: { _ in .batchNorm(BatchNorm()) },
    ReLU.keyword: { _ in .relu(ReLU()) },
    Dropout.keyword: dropout,
    Add.keyword: { _ in .add(Add()) },
    Softmax.keyword: { _ in .softmax(Softmax()) },
    Multiply.keyword: { _ in .multiply(Multiply()) },
    Concat.keyword: { _ in .concat(Concat()) },
    Argmax.keyword: { _ in .argmax(Argmax()) },
    Pad.keyword: pad,
    Upsample.keyword: upsample,
    "flatten": { _ in .reshape(Reshape()) },
    "reshape": reshape,
    "relu6": { _ in .activation(.relu6) },
    "leakyrelu": leakyReLU,
    "sigmoid": { _ in .activation(.sigmoid) },
    "tanh": { _ in .activation(.tanh) },
    "hardswish": { _ in .activation(.hardSwish) },
  ]

  /// Every keyword, in order.
  static let keywords = all.keys.sorted()

  private static let kernel = "a kernel size, for instance 3x3"

  @Sendable private static func conv2D(
    _ arguments: inout LayerArguments
  ) throws(NetworkTextError) -> Layer.Operation {
    let size = try arguments.size(kernel)
    let channels = try arguments.count("a number of output channels")
    return .conv2D(
      Conv2D(
        window: try window(size, &arguments), outputChannels: channels,
        groups: try arguments.count(option: "groups", default: 1),
        hasBias: try bias(&arguments)))
  }

  @Sendable private static func depthwiseConv2D(
    _ arguments: inout LayerArguments
  ) throws(NetworkTextError) -> Layer.Operation {
    let size = try arguments.size(kernel)
    return .depthwiseConv2D(
      DepthwiseConv2D(window: try window(size, &arguments), hasBias: try bias(&arguments)))
  }

  @Sendable private static func dense(
    _ arguments: inout LayerArguments
  ) throws(NetworkTextError) -> Layer.Operation {
    let outputs = try arguments.count("a number of outputs")
    return .dense(Dense(outputs: outputs, hasBias: try bias(&arguments)))
  }

  @Sendable private static func maxPool2D(
    _ arguments: inout LayerArguments
  ) throws(NetworkTextError) -> Layer.Operation {
    .maxPool2D(MaxPool2D(window: try pool(&arguments)))
  }

  @Sendable private static func averagePool2D(
    _ arguments: inout LayerArguments
  ) throws(NetworkTextError) -> Layer.Operation {
    .averagePool2D(AveragePool2D(window: try pool(&arguments)))
  }

  @Sendable private static func dropout(
    _ arguments: inout LayerArguments
  ) throws(NetworkTextError) -> Layer.Operation {
    .dropout(Dropout(rate: try arguments.share("a share to drop, 0 ..< 1")))
  }

  @Sendable private static func leakyReLU(
    _ arguments: inout LayerArguments
  ) throws(NetworkTextError) -> Layer.Operation {
    .activation(.leakyReLU(slope: try arguments.share("a slope for negative values, 0 ..< 1")))
  }

  @Sendable private static func reshape(
    _ arguments: inout LayerArguments
  ) throws(NetworkTextError) -> Layer.Operation {
    .reshape(Reshape(to: try arguments.shape("a shape, for instance 7x7x16")))
  }

  @Sendable private static func upsample(
    _ arguments: inout LayerArguments
  ) throws(NetworkTextError) -> Layer.Operation {
    .upsample(Upsample(factors: try arguments.size("factors, for instance 2x2")))
  }

  @Sendable private static func pad(
    _ arguments: inout LayerArguments
  ) throws(NetworkTextError) -> Layer.Operation {
    .pad(
      Pad(
        margins: Window.Margins(
          top: try arguments.count(option: "top", default: 0),
          bottom: try arguments.count(option: "bottom", default: 0),
          left: try arguments.count(option: "left", default: 0),
          right: try arguments.count(option: "right", default: 0))))
  }

  private static func window(
    _ size: Size, _ arguments: inout LayerArguments
  ) throws(NetworkTextError) -> Window {
    Window(
      kernel: size, stride: try arguments.size(option: "stride", default: Size(1)),
      padding: try arguments.choice(
        option: "padding", ["valid": Padding.valid, "same": .same], default: .valid),
      dilation: try arguments.count(option: "dilation", default: 1))
  }

  /// A pool moves by its own size unless it says otherwise, and is not padded.
  private static func pool(_ arguments: inout LayerArguments) throws(NetworkTextError) -> Window {
    let size = try arguments.size("a window size, for instance 2x2")
    return Window(kernel: size, stride: try arguments.size(option: "stride", default: size))
  }

  private static func bias(_ arguments: inout LayerArguments) throws(NetworkTextError) -> Bool {
    try arguments.choice(option: "bias", ["yes": true, "no": false], default: true)
  }
}
