import Network
import TinyRuntime

/// A network in integers: everything that the device computes with, and where it stands in float.
struct QuantizedNetwork {
  /// One step: its record without a place, its constants and its weights.
  struct Node {
    var record: OpRecord
    /// 32-bit constants at the start of the block.
    var constants: [Int32] = []
    /// One byte a weight.
    var weights: [Int8] = []
    /// What they are numbers of.
    var grid = WeightGrid.int8
    var quantization: ActivationQuantization
    /// The largest relative distance of a channel's scale from the real one.
    var scaleError = 0.0
    /// The most that a sum can reach, as proved from the weights; 0 where there are none.
    var accumulatorBound = 0
  }

  var nodes: [Node] = []

  /// Quantizes a folded network.
  /// - Parameters:
  ///   - folded: the network.
  ///   - quantizations: of each node's output.
  ///   - grid: what the weights of a layer become, by its name.
  /// - Throws: `ExportError`, which names the layer.
  init(
    _ folded: FoldedNetwork, _ quantizations: [ActivationQuantization],
    grid: (_ layer: String) -> WeightGrid = { _ in .int8 }
  ) throws(ExportError) {
    guard folded.nodes.count <= 255 else {
      throw .tooLarge(
        layer: folded.nodes[255].name, what: "the number of steps", found: folded.nodes.count,
        limit: 255)
    }
    for (index, node) in folded.nodes.enumerated() {
      var quantized = Node(
        record: try Self.record(node, in: folded), quantization: quantizations[index])
      quantized.record.zeroPoint = quantizations[index].zeroPoint
      quantized.grid = grid(node.name)
      let inputs = node.inputs.map { quantizations[$0] }
      switch node.operation {
      case .picture, .maxPool2D, .concat, .reshape, .upsample, .argmax: break
      case .conv2D, .dense:
        try quantized.takeWeights(node, input: inputs[0], isChannelLast: false)
      case .depthwiseConv2D:
        try quantized.takeWeights(node, input: inputs[0], isChannelLast: true)
      case .averagePool2D(let window):
        try quantized.takeAverage(node, of: window.kernel.count, input: inputs[0])
      case .globalAveragePool:
        let input = folded.nodes[node.inputs[0]].shape
        try quantized.takeAverage(node, of: input.height * input.width, input: inputs[0])
      case .add: quantized.takeSum(of: inputs[0], inputs[1])
      case .multiply: try quantized.takeProduct(node, of: inputs[0], inputs[1])
      case .table(let function): quantized.takeTable(of: function, input: inputs[0])
      case .softmax: try quantized.takeSoftmax(node, input: inputs[0])
      }
      nodes.append(quantized)
    }
  }

  /// The record's code, inputs, shape and window.
  private static func record(
    _ node: FoldedNetwork.Node, in folded: FoldedNetwork
  ) throws(ExportError) -> OpRecord {
    func require(_ what: String, _ value: Int, _ limit: Int) throws(ExportError) {
      guard value <= limit else {
        throw .tooLarge(layer: node.name, what: what, found: value, limit: limit)
      }
    }
    var record = OpRecord()
    record.op = node.operation.code
    record.input = node.inputs.first ?? 0
    if node.inputs.count > 1 { record.inputOrGroups = node.inputs[1] }
    if case .conv2D(let conv) = node.operation {
      try require("the number of groups", conv.groups, 255)
      record.inputOrGroups = conv.groups
    }
    // Rows and columns of margin are at most 15 + 15.
    try require("the height", node.shape.height, 0xFFFF - 30)
    try require("the width", node.shape.width, 0xFFFF - 30)
    try require("the number of channels", node.shape.channels, 0xFFFF)
    record.height = node.shape.height
    record.width = node.shape.width
    record.channels = node.shape.channels
    if case .upsample(let factors) = node.operation {
      try require("the factor", max(factors.height, factors.width), 15)
      record.strideVertical = factors.height
      record.strideHorizontal = factors.width
    }
    if let window = node.operation.window {
      try require("the kernel's height", window.kernel.height, 255)
      try require("the kernel's width", window.kernel.width, 255)
      try require("the stride", max(window.stride.height, window.stride.width), 15)
      record.kernelHeight = window.kernel.height
      record.kernelWidth = window.kernel.width
      record.strideVertical = window.stride.height
      record.strideHorizontal = window.stride.width
      try require("the dilation", window.dilation, 8)
      record.dilation = window.dilation
      let margins = node.padding
      let largest = max(margins.top, margins.bottom, margins.left, margins.right)
      try require("the padding", largest, 15)
      guard largest == 0 || !folded.nodes[node.inputs[0]].operation.code.accumulates else {
        throw .unsupported(
          layer: node.name, why: "it pads what a dense layer or a global average made")
      }
      record.paddingTop = margins.top
      record.paddingLeft = margins.left
    }
    return record
  }
}

extension FoldedNetwork.Operation {
  /// The code that the runtime knows it by.
  var code: OpCode {
    switch self {
    case .picture: .input
    case .conv2D: .conv2D
    case .depthwiseConv2D: .depthwiseConv2D
    case .dense: .dense
    case .maxPool2D: .maxPool2D
    case .averagePool2D: .averagePool2D
    case .globalAveragePool: .globalAveragePool
    case .add: .add
    case .softmax: .softmax
    case .table: .table
    case .multiply: .multiply
    case .concat: .concat
    case .reshape: .reshape
    case .upsample: .upsample
    case .argmax: .argmax
    }
  }
}
