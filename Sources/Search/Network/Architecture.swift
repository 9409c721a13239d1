/// A network of the family that is searched: a first convolution, blocks, and what makes labels of the last one's output.
struct Architecture: Hashable, Sendable {
  /// A stretch of layers of one width.
  struct Block: Hashable, Sendable {
    /// What it is made of; each convolution has its batch norm and its activation.
    enum Kind: String, CaseIterable, Sendable {
      /// One convolution.
      case conv
      /// A depthwise convolution, then a 1x1 convolution (Howard and others, 2017, arXiv:1704.04861).
      case separable
      /// Two convolutions, the second's output added to the first's (He and others, 2015, arXiv:1512.03385, without a
      /// projection: the first brings the width).
      case residual
    }

    var kind: Kind
    /// Of the kernel, in pixels.
    var side: Int
    /// Channels of the output.
    var width: Int
    /// How it halves the picture, if it does.
    var downsampling: Downsampling?
  }

  /// How a picture is halved.
  enum Downsampling: String, CaseIterable, Sendable {
    /// The block's first convolution moves by two pixels.
    case stride
    /// After the block.
    case maxPool = "maxpool"
    /// After the block.
    case averagePool = "avgpool"
  }

  /// What a dense layer, which is the last, reads.
  enum Head: String, CaseIterable, Sendable {
    /// Every value of the last block.
    case dense
    /// The mean of each of its channels.
    case average
  }

  /// The first convolution, then the others.
  var blocks: [Block]
  /// `same` or `valid`.
  var padding: String
  var hasBatchNorm: Bool
  /// The keyword of the layer.
  var activation: String
  var head: Head
  /// The share that is dropped in front of the dense layer; 0 has no such layer.
  var dropout: String
}

extension Architecture {
  /// In a few words: `conv3 8, maxpool, sep3 12, dense`. A number behind a kind is its kernel's side, the next one its width.
  var summary: String {
    let words = blocks.flatMap { block in
      let stride = block.downsampling == .stride ? "/2" : ""
      let name = "\(block.kind.shortName)\(block.side)\(stride) \(block.width)"
      return [name] + (block.pool.map { [$0] } ?? [])
    }
    // The usual one goes without saying.
    let activations = activation == "relu" ? [] : [activation]
    return (words + [head.rawValue] + activations).joined(separator: ", ")
  }
}

extension Architecture.Block {
  /// The keyword of the pool behind it, if there is one.
  var pool: String? {
    switch downsampling {
    case nil, .stride: nil
    case .maxPool, .averagePool: downsampling?.rawValue
    }
  }
}

extension Architecture.Block.Kind {
  /// For a table.
  fileprivate var shortName: String {
    switch self {
    case .conv: "conv"
    case .separable: "sep"
    case .residual: "res"
    }
  }
}
