import Network

/// Turns layers into arithmetic on one engine's parameters.
struct LayerCompiler {
  var network: Network
  var graph: Graph
  var layout: ParameterLayout
  var parameters: UnsafeMutablePointer<Float>
  /// Whether a rectifier that alone reads a batch norm becomes part of it.
  var fuses: Bool
  /// The lower and the upper end of each range, in the order of the graph's quantized layers.
  var ranges: UnsafeMutablePointer<Float>

  /// What a network is compiled to.
  struct Program {
    /// Each layer's arithmetic, first its own and then what puts the output on a grid; none where another layer does its
    /// work.
    var layers: [[any LayerMath]] = []
    /// The number of sums that a block keeps of a batch.
    var sumCount = 0
    /// The number of floats of sums that a thread keeps of a block.
    var accumulatorCount = 0

    fileprivate mutating func append(_ math: any LayerMath, sums: Int) {
      layers[layers.count - 1].append(math)
      sumCount += sums
      accumulatorCount += math.accumulators.count.roundedUpToBorder
    }
  }

  /// Compiles the network.
  func compile() -> Program {
    var program = Program()
    for index in network.layers.indices {
      program.layers.append([])
      if isFused(index) { continue }
      let math = math(
        index, sumOffset: program.sumCount, accumulatorOffset: program.accumulatorCount)
      let channels = network.shapes[index].channels
      program.append(math, sums: math is BatchNormMath ? 2 * channels : 0)
      guard let place = graph.quantizedLayers.firstIndex(of: index) else { continue }
      program.append(
        FakeQuantizeMath(
          shape: network.shapes[index], input: index + 1, output: graph.value(of: index),
          range: ranges + 2 * place, sumOffset: program.sumCount,
          accumulatorOffset: program.accumulatorCount), sums: 2)
    }
    return program
  }

  /// Whether a layer is a rectifier that its batch norm does along.
  private func isFused(_ index: Int) -> Bool {
    guard fuses, network.quantization == nil, case .relu = network.layers[index].operation else {
      return false
    }
    let value = graph.inputs[index][0]
    guard value > 0, graph.readers[value].count == 1,
      case .batchNorm = network.layers[value - 1].operation
    else { return false }
    return true
  }

  private func math(_ index: Int, sumOffset: Int, accumulatorOffset: Int) -> any LayerMath {
    let layer = network.layers[index]
    let edges = graph.edges(of: index)
    let input = edges[0]
    let output = index + 1
    let inputShapes = network.inputShapes(of: layer)
    let inputShape = inputShapes[0]
    let shape = network.shapes[index]
    switch layer.operation {
    case .conv2D(let kind):
      let weight = parameter(layer, "weight")
      let bias = optionalParameter(layer, "bias")
      if WinogradConv2DMath.suits(kind, inputShape: inputShape, outputShape: shape) {
        return WinogradConv2DMath(
          kind, input: input, inputShape: inputShape, output: output, outputShape: shape,
          weight: weight, bias: bias, accumulatorOffset: accumulatorOffset)
      }
      return Conv2DMath(
        kind, input: input, inputShape: inputShape,
        inputPixel: input.value == 0 ? graph.pictureStride : inputShape.pixelStride,
        output: output, outputShape: shape, weight: weight, bias: bias,
        accumulatorOffset: accumulatorOffset)
    case .dense:
      return DenseMath(
        input: input, inputShape: inputShape, output: output, outputs: shape.channels,
        weight: parameter(layer, "weight"), bias: optionalParameter(layer, "bias"),
        accumulatorOffset: accumulatorOffset)
    case .depthwiseConv2D(let kind):
      return DepthwiseConv2DMath(
        kind, input: input, inputShape: inputShape, output: output, outputShape: shape,
        weight: parameter(layer, "weight"), bias: optionalParameter(layer, "bias"),
        accumulatorOffset: accumulatorOffset)
    case .maxPool2D(let kind):
      return MaxPool2DMath(
        window: PoolWindow(kind.window, input: inputShape, output: shape), input: input,
        output: output)
    case .averagePool2D(let kind):
      return AveragePool2DMath(
        window: PoolWindow(kind.window, input: inputShape, output: shape), input: input,
        output: output)
    case .globalAveragePool:
      let window = Window(kernel: Size(height: inputShape.height, width: inputShape.width))
      return AveragePool2DMath(
        window: PoolWindow(window, input: inputShape, output: shape), input: input,
        output: output)
    case .globalMaxPool:
      let window = Window(kernel: Size(height: inputShape.height, width: inputShape.width))
      return MaxPool2DMath(
        window: PoolWindow(window, input: inputShape, output: shape), input: input,
        output: output)
    case .batchNorm where network.quantization != nil:
      return FrozenBatchNormMath(
        shape: shape, input: input, output: output, weight: parameter(layer, "weight"),
        bias: parameter(layer, "bias"), runningMean: parameter(layer, "running_mean"),
        runningVariance: parameter(layer, "running_variance"),
        accumulatorOffset: accumulatorOffset)
    case .batchNorm:
      let isRectified = graph.readers[output].count == 1 && isFused(graph.readers[output][0])
      return BatchNormMath(
        shape: shape, input: input, output: output, rectifies: isRectified,
        weight: parameter(layer, "weight"), bias: parameter(layer, "bias"),
        runningMean: parameter(layer, "running_mean"),
        runningVariance: parameter(layer, "running_variance"), sumOffset: sumOffset)
    case .relu:
      return ReLUMath(count: shape.vectorCount, input: input, output: output)
    case .dropout(let kind):
      return DropoutMath(
        rate: fuses ? kind.rate : 0, count: shape.vectorCount, input: input, output: output)
    case .add:
      return AddMath(count: shape.vectorCount, inputs: edges, output: output)
    case .activation(let function):
      return ActivationMath(
        function: function, count: shape.vectorCount, input: input, output: output)
    case .multiply:
      return MultiplyMath(count: shape.vectorCount, inputs: edges, output: output)
    case .concat(let kind):
      return RearrangeMath(kind, inputs: edges, shapes: inputShapes, output: output, shape: shape)
    case .pad(let kind):
      return RearrangeMath(kind, inputs: edges, shapes: inputShapes, output: output, shape: shape)
    case .reshape(let kind):
      return RearrangeMath(kind, inputs: edges, shapes: inputShapes, output: output, shape: shape)
    case .upsample(let kind):
      return RearrangeMath(kind, inputs: edges, shapes: inputShapes, output: output, shape: shape)
    case .argmax:
      return ArgmaxMath(inputShape: inputShape, input: input, output: output)
    case .softmax:
      return SoftmaxMath(shape: shape, input: input, output: output)
    }
  }

  private func parameter(_ layer: Layer, _ name: String) -> Parameter {
    guard let parameter = optionalParameter(layer, name) else {
      preconditionFailure("layer \(layer.name) has a parameter \(name)")
    }
    return parameter
  }

  private func optionalParameter(_ layer: Layer, _ name: String) -> Parameter? {
    layout.offset(layer.name, name).map { Parameter(values: parameters + $0, offset: $0) }
  }
}

/// One parameter as a layer sees it.
struct Parameter {
  var values: UnsafeMutablePointer<Float>
  /// Where its gradient is in a block's `parameterGradients`.
  var offset: Int
}
