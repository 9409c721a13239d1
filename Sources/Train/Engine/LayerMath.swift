/// A layer's arithmetic on one block of pictures.
protocol LayerMath {
  /// Computes the output's activations from the inputs'.
  func forward(_ block: Block, _ context: Context)
  /// Computes the inputs' gradients and the parameters' from the output's gradient.
  func backward(_ block: Block, _ context: Context)
  /// The number of vectors of working memory it needs.
  var scratchCount: Int { get }
}

extension LayerMath {
  var scratchCount: Int { 0 }
}

/// A layer that, in training, must see every block before it can compute any.
protocol BatchMath: LayerMath {
  /// Sums over a block what `settle` needs.
  func observe(_ block: Block, _ context: Context)
  /// Adds up the blocks. The running averages move towards the batch's statistics by `share` of the
  /// way.
  func settle(_ blocks: ArraySlice<Block>, share: Float)
  /// The same on the way back.
  func observeGradient(_ block: Block, _ context: Context)
  /// The same on the way back.
  func settleGradient(_ blocks: ArraySlice<Block>)
  /// Makes ready for inference, which looks at no batch.
  func settleForInference()
}

/// What a layer is told besides its block.
struct Context {
  /// Working memory, the thread's own.
  var scratch: UnsafeMutablePointer<Lanes>
  /// What this batch's random decisions follow from.
  var seed: UInt64
}
