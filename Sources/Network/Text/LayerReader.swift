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
    BatchNorm.keyword: { _ in .batchNorm(BatchNorm()) },
    ReLU.keyword: { _ in .relu(ReLU()) },
    Dropout.keyword: dropout,
    Add.keyword: { _ in .add(Add()) },
    Softmax.keyword: { _ in .softmax(Softmax()) },
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

  private static func window(
    _ size: Size, _ arguments: inout LayerArguments
  ) throws(NetworkTextError) -> Window {
    Window(
      kernel: size, stride: try arguments.size(option: "stride", default: Size(1)),
      padding: try arguments.choice(
        option: "padding", ["valid": Padding.valid, "same": .same], default: .valid))
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
