import Network

/// Puts a layer's values on the grid of 8 bits that the device stores them in, still as floats.
///
/// Backwards it lets the gradients of values inside the grid's range pass, and stops the others: the straight-through
/// estimator (Bengio, Léonard and Courville, 2013, arXiv:1308.3432). On the way it observes how far values reach.
struct FakeQuantizeMath: LayerMath {
  private let shape: Shape
  private let input: Int
  private let output: Int
  /// The lower and the upper end.
  private let range: UnsafeMutablePointer<Float>
  private let sumOffset: Int
  private let accumulatorOffset: Int
  private let settled: Settled
  /// The lanes of a pixel's last vector that hold no channel.
  private let filling: SIMDMask<SIMD8<Int32>>

  /// The grid as the arithmetic reads it: steps are counted from the real 0.
  private final class Settled: @unchecked Sendable {
    var scale: Float = 1
    var inverse: Float = 1
    var lowest: Float = 0
    var highest: Float = 0
  }

  /// A grid that covers `range`, for values number `input`, whose number on it is `output`.
  init(
    shape: Shape, input: Int, output: Int, range: UnsafeMutablePointer<Float>, sumOffset: Int,
    accumulatorOffset: Int
  ) {
    self.shape = shape
    self.input = input
    self.output = output
    self.range = range
    self.sumOffset = sumOffset
    self.accumulatorOffset = accumulatorOffset
    settled = Settled()
    let channels = Int32(shape.channels - (shape.pixelStride - Lanes.scalarCount))
    filling = SIMD8<Int32>(0, 1, 2, 3, 4, 5, 6, 7) .>= channels
  }

  /// Vectors a pixel.
  private var vectors: Int { shape.pixelStride / Lanes.scalarCount }

  /// The least and the largest value of a block, lane by lane, 0 at the beginning.
  var accumulators: Range<Int> { accumulatorOffset..<accumulatorOffset + 2 * Lanes.scalarCount }

  func settle() {
    let grid = ActivationRange(range[0], range[1]).grid
    settled.scale = Float(grid.scale)
    settled.inverse = Float(1 / grid.scale)
    settled.lowest = Float(-128 - Int(grid.zeroPoint))
    settled.highest = Float(127 - Int(grid.zeroPoint))
  }

  func forward(_ picture: Picture, _ context: Context) {
    let x = picture.activations[input].vectors
    let y = picture.activations[output].vectors
    let (scale, inverse) = (settled.scale, settled.inverse)
    let lowest = Lanes(repeating: settled.lowest)
    let highest = Lanes(repeating: settled.highest)
    for index in 0..<shape.vectorCount {
      var place = x[index] * inverse
      // Held inside first: a value far outside would be too large to be rounded. No `clamped`, which is a call.
      place.replace(with: lowest, where: place .< lowest)
      place.replace(with: highest, where: place .> highest)
      y[index] = Self.floor(place + 0.5) * scale
    }
  }

  /// The next whole number below, for numbers below 2^22.
  @inline(__always)
  private static func floor(_ value: Lanes) -> Lanes {
    // Adding and taking away rounds to the nearest, without a call.
    let nearest = (value + 0x1.8p23) - 0x1.8p23
    return nearest.replacing(with: nearest - 1, where: nearest .> value)
  }

  func backward(_ picture: Picture, _ context: Context) {
    let x = picture.activations[input].vectors
    let gradient = picture.gradients[output].vectors
    let target = picture.gradients[input].vectors
    let seen = (context.accumulators + accumulatorOffset).vectors
    let inverse = settled.inverse
    let (first, end) = (settled.lowest - 0.5, settled.highest + 0.5)
    var (least, most) = (seen[0], seen[1])
    var index = 0
    for _ in 0..<shape.pixelCount {
      for channel in 0..<vectors {
        let value = x[index]
        let place = value * inverse
        target[index] = Lanes.zero.replacing(
          with: gradient[index], where: (place .>= first) .& (place .< end))
        let real = channel == vectors - 1 ? value.replacing(with: 0, where: filling) : value
        least.replace(with: real, where: real .< least)
        most.replace(with: real, where: real .> most)
        index &+= 1
      }
    }
    (seen[0], seen[1]) = (least, most)
  }

  /// Where a block keeps the least and the largest value of its pictures.
  var sums: Range<Int> { sumOffset..<sumOffset + 2 }

  func finish(_ block: Block, _ context: Context) {
    let seen = (context.accumulators + accumulatorOffset).vectors
    block.sums.start[sumOffset] = Double(seen[0].min())
    block.sums.start[sumOffset + 1] = Double(seen[1].max())
  }

  /// Moves the range by `share` of the way to what the blocks' values reached.
  func moveRange(to blocks: ArraySlice<Block>, share: Float) {
    let low = blocks.reduce(0) { min($0, Float($1.sums.start[sumOffset])) }
    let high = blocks.reduce(0) { max($0, Float($1.sums.start[sumOffset + 1])) }
    range[0] += share * (low - range[0])
    range[1] += share * (high - range[1])
  }
}
