/// The memory of one block of sixteen pictures on its way through a network and back.
///
/// A batch is split into blocks, not into as many parts as there are threads: what a block
/// computes, and the order in which blocks are added up, does not depend on who computes it.
final class Block: @unchecked Sendable {
  /// Each value's memory: the picture at 0, layer `i`'s output at `i + 1`. Values may share memory.
  let activations: [UnsafeMutablePointer<Lanes>]
  /// The loss's gradient by each value; where training doesn't need it, a place nobody reads.
  let gradients: [UnsafeMutablePointer<Lanes>]
  /// The loss's gradient by each trained parameter, this block's part.
  let parameterGradients: UnsafeMutablePointer<Float>
  /// This block's part of what layers sum over the whole batch.
  let sums: UnsafeMutablePointer<Double>
  /// The number of lanes that hold a picture; the others' contents are never counted.
  private(set) var count = Lanes.scalarCount
  /// 1 in lanes that hold a picture, 0 in the others.
  private(set) var mask = Lanes(repeating: 1)
  /// Which block of the batch this is.
  let index: Int
  /// The pictures' labels.
  var labels = SIMD16<Int32>()
  /// The sum of the pictures' losses.
  var loss = 0.0
  /// How many pictures have the right label on top.
  var correct = 0

  private let memory: UnsafeMutablePointer<Lanes>

  init(index: Int, layout: MemoryLayoutPlan, parameterCount: Int, sumCount: Int) {
    self.index = index
    let memory = UnsafeMutablePointer<Lanes>.allocate(capacity: layout.count)
    memory.initialize(repeating: .zero, count: layout.count)
    self.memory = memory
    activations = layout.activations.map { memory + $0 }
    gradients = layout.gradients.map { memory + $0 }
    parameterGradients = .allocate(capacity: max(parameterCount, 1))
    parameterGradients.initialize(repeating: 0, count: max(parameterCount, 1))
    sums = .allocate(capacity: max(sumCount, 1))
    sums.initialize(repeating: 0, count: max(sumCount, 1))
  }

  deinit {
    memory.deallocate()
    parameterGradients.deallocate()
    sums.deallocate()
  }

  /// Sets the number of pictures that the block holds, 1 ... 16.
  func hold(_ count: Int) {
    self.count = count
    mask = .zero
    for lane in 0..<count { mask[lane] = 1 }
  }

  /// Puts a picture's values, height x width x channels, into a lane.
  func setPicture(_ values: UnsafeBufferPointer<Float>, lane: Int) {
    let target = UnsafeMutableRawPointer(activations[0]).assumingMemoryBound(to: Float.self) + lane
    for index in 0..<values.count { target[index &* Lanes.scalarCount] = values[index] }
  }

  /// Takes one picture's part of a value out of its lane.
  func copy(value: Int, lane: Int, to target: UnsafeMutableBufferPointer<Float>) {
    let source = UnsafeRawPointer(activations[value]).assumingMemoryBound(to: Float.self) + lane
    for index in 0..<target.count { target[index] = source[index &* Lanes.scalarCount] }
  }

  /// The sum over the pictures of one vector.
  @inline(__always)
  func total(_ lanes: Lanes) -> Float { (lanes * mask).sum() }
}
