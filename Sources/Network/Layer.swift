/// One layer of a network, with the layers it reads.
public struct Layer: Hashable, Sendable {
  /// The operations a network is made of.
  public enum Operation: Hashable, Sendable {
    case conv2D(Conv2D)
    case depthwiseConv2D(DepthwiseConv2D)
    case dense(Dense)
    case maxPool2D(MaxPool2D)
    case averagePool2D(AveragePool2D)
    case globalAveragePool(GlobalAveragePool)
    case globalMaxPool(GlobalMaxPool)
    case batchNorm(BatchNorm)
    case relu(ReLU)
    case activation(Activation)
    case dropout(Dropout)
    case add(Add)
    case multiply(Multiply)
    case concat(Concat)
    case pad(Pad)
    case reshape(Reshape)
    case upsample(Upsample)
    case argmax(Argmax)
    case softmax(Softmax)

    /// The operation as its kind.
    public var kind: any LayerKind {
      switch self {
      case .conv2D(let kind): kind
      case .depthwiseConv2D(let kind): kind
      case .dense(let kind): kind
      case .maxPool2D(let kind): kind
      case .averagePool2D(let kind): kind
      case .globalAveragePool(let kind): kind
      case .globalMaxPool(let kind): kind
      case .batchNorm(let kind): kind
      case .relu(let kind): kind
      case .activation(let kind): kind
      case .dropout(let kind): kind
      case .add(let kind): kind
      case .multiply(let kind): kind
      case .concat(let kind): kind
      case .pad(let kind): kind
      case .reshape(let kind): kind
      case .upsample(let kind): kind
      case .argmax(let kind): kind
      case .softmax(let kind): kind
      }
    }
  }

  /// Where a layer's input comes from.
  public enum Source: Hashable, Sendable {
    /// The picture.
    case picture
    /// The output of the layer at this index of `Network.layers`, which comes earlier.
    case layer(Int)
  }

  /// Unique within the network; the first part of its parameters' names.
  public var name: String
  /// What it computes.
  public var operation: Operation
  /// What it reads, `inputCount` of them.
  public var inputs: [Source]

  /// Creates a layer.
  public init(name: String, operation: Operation, inputs: [Source]) {
    self.name = name
    self.operation = operation
    self.inputs = inputs
  }
}
