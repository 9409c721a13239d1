/// A layer's arithmetic on one picture after another.
protocol LayerMath {
  /// Computes the output's activations from the inputs'.
  func forward(_ picture: Picture, _ context: Context)
  /// Computes the inputs' gradients from the output's, and adds to the parameters' in the context's accumulators.
  func backward(_ picture: Picture, _ context: Context)
  /// Turns the parameters as they are now into the form that the arithmetic reads.
  func settle()
  /// Writes the parameters' gradients, from the accumulators, after a block's last picture.
  func finish(_ block: Block, _ context: Context)
  /// The number of floats of working memory it needs.
  var scratchCount: Int { get }
  /// The floats of the context's accumulators that are its own; they are 0 before a block's first picture.
  var accumulators: Range<Int> { get }
}

extension LayerMath {
  var scratchCount: Int { 0 }
  var accumulators: Range<Int> { 0..<0 }
  func settle() {}
  func finish(_ block: Block, _ context: Context) {}
}

/// A layer that, in training, must see every picture before it can compute any.
protocol BatchMath: LayerMath {
  /// The places of a block's sums that are its own.
  var sums: Range<Int> { get }
  /// Sums over a block's pictures what `settle` needs, one picture after another.
  func observe(_ picture: Picture, of block: Block, _ context: Context)
  /// Adds up the blocks. The running averages move towards the batch's statistics by `share` of the
  /// way.
  func settle(_ blocks: ArraySlice<Block>, share: Float)
  /// The same on the way back.
  func observeGradient(_ picture: Picture, of block: Block, _ context: Context)
  /// The same on the way back.
  func settleGradient(_ blocks: ArraySlice<Block>)
  /// Makes ready for inference, which looks at no batch.
  func settleForInference()
}

/// What a layer is told besides its picture.
struct Context {
  /// Working memory, the thread's own.
  var scratch: UnsafeMutablePointer<Float>
  /// Sums over a block's pictures, the thread's own.
  var accumulators: UnsafeMutablePointer<Float>
  /// What this batch's random decisions follow from.
  var seed: UInt64
}
