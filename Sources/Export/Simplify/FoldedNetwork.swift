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
    /// Whether negative values become 0.
    package var isRectified = false
    /// Empty for operations without weights. Laid out as the layer's own.
    package var weights: [Float] = []
    /// One for each output channel, where there are weights.
    package var bias: [Float] = []
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
    case softmax

    /// The window that moves over the input, if any.
    package var window: Window? {
      switch self {
      case .conv2D(let conv): conv.window
      case .depthwiseConv2D(let window), .maxPool2D(let window), .averagePool2D(let window): window
      case .picture, .dense, .globalAveragePool, .add, .softmax: nil
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
    case .picture, .maxPool2D, .averagePool2D, .globalAveragePool, .add, .softmax: return 0
    }
  }
}
