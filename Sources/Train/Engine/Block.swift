/// Sixteen pictures of a batch, or its rest, and what they add up to.
///
/// A batch is split into blocks, not into as many parts as there are threads: what a block
/// computes, and the order in which blocks are added up, does not depend on who computes it.
final class Block: @unchecked Sendable {
  /// The most pictures a block holds.
  static let capacity = 16

  /// Which block of the batch this is.
  let index: Int
  /// How many pictures it holds, 1 ... `capacity`.
  var count = Block.capacity
  /// The loss's gradient by each trained parameter, this block's part.
  let parameterGradients: Memory<Float>
  /// This block's part of what is summed over the whole batch: what layers do, then `loss` and `correct`.
  let sums: Memory<Double>
  /// A memory for every picture, or one for all where a picture goes the whole way before the next sets out.
  private let pictures: [Picture]

  init(index: Int, pictures: Int, layout: MemoryLayoutPlan, parameterCount: Int, sumCount: Int) {
    self.index = index
    self.pictures = (0..<pictures).map { _ in Picture(layout) }
    parameterGradients = Memory(count: parameterCount.roundedUpToBorder)
    sums = Memory(count: sumCount + 2)
  }

  /// Another rank's block, of which only the sums are known.
  convenience init(elsewhere index: Int, layout: MemoryLayoutPlan, sumCount: Int) {
    self.init(index: index, pictures: 0, layout: layout, parameterCount: 0, sumCount: sumCount)
  }

  /// Where `loss` and `correct` are among the sums.
  var results: Range<Int> { sums.count - 2..<sums.count }

  /// The sum of the pictures' losses.
  var loss: Double {
    get { sums.start[results.lowerBound] }
    set { sums.start[results.lowerBound] = newValue }
  }

  /// How many pictures have the right label on top.
  var correct: Int {
    get { Int(sums.start[results.lowerBound + 1]) }
    set { sums.start[results.lowerBound + 1] = Double(newValue) }
  }

  /// The memory of the picture at a position in the block.
  func picture(_ position: Int) -> Picture {
    let picture = pictures[position % pictures.count]
    picture.position = position
    picture.index = index * Block.capacity + position
    return picture
  }
}
