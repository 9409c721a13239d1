import Network

/// A network as the device will run it, still in float: batch norm folded into weights, ReLU fused into what makes its
/// input, dropout gone.
package struct FoldedNetwork: Sendable {
  /// One step and the activation it makes.
  package struct Node: Sendable {
    /// The name of the layer that gave the node its weights or its window.
    package var name: String
    package var operation: Operation
    /// Earlier nodes it reads.
    package var inputs: [Int]
    package var shape: Shape
    /// The layer of the original network whose output this node makes; nil for the picture, and for a max pool's
    /// producer that took over the ReLU behind the pool.
    package var observedLayer: Int?
    /// How far a window starts outside its input, and pads it behind.
    package var padding = Window.Margins()
    /// A later node that takes this node's values as they are, so that both have its mapping to int8.
    package var mappedLike: Int?
    /// Whether negative values become 0.
    package var isRectified = false
    /// Empty for operations without weights. Laid out as the layer's own.
    package var weights: [Float] = []
    /// One for each output channel, where there are weights.
    package var bias: [Float] = []
    /// The batch norms that were folded into the weights, by name, in their order.
    package var batchNorms: [String] = []
  }

  /// What a node computes.
  package enum Operation: Hashable, Sendable {
    case picture
    case conv2D(Conv2D)
    case depthwiseConv2D(Window)
    case dense
    case maxPool2D(Window)
    case averagePool2D(Window)
    case globalAveragePool
    case add
    case multiply
    case concat
    case softmax
    /// A function of each value; nil leaves it, in another mapping to int8.
    case table(Activation?)
    case reshape
    case upsample(Size)
    case argmax

    /// The window that moves over the input, if any.
    package var window: Window? {
      switch self {
      case .conv2D(let conv): conv.window
      case .depthwiseConv2D(let window), .maxPool2D(let window), .averagePool2D(let window): window
      default: nil
      }
    }

    /// Whether values stay as they are, so that the output has the input's mapping to int8.
    package var keepsValues: Bool {
      switch self {
      case .maxPool2D, .reshape, .upsample: true
      default: false
      }
    }
  }

  /// Node 0 is the picture; the last is the output.
  package var nodes: [Node]

  /// The nodes that read node `index`.
  package func consumers(of index: Int) -> [Int] {
    nodes.indices.filter { nodes[$0].inputs.contains(index) }
  }

  /// Multiply-accumulates of node `index`, nominal: padding counted as work.
  package func macs(of index: Int) -> Int {
    let node = nodes[index]
    switch node.operation {
    case .conv2D(let conv):
      return node.shape.count * conv.window.kernel.count
        * nodes[node.inputs[0]].shape.channels / conv.groups
    case .depthwiseConv2D(let window): return node.shape.count * window.kernel.count
    case .dense: return node.weights.count
    default: return 0
    }
  }
}
