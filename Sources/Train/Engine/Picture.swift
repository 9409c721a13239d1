/// One picture's way through a network and back.
final class Picture: @unchecked Sendable {
  /// Each value's memory, as `Graph` numbers them. Values may share memory.
  let activations: [UnsafeMutablePointer<Float>]
  /// The loss's gradient by each value; where training doesn't need it, a place nobody reads.
  let gradients: [UnsafeMutablePointer<Float>]
  /// Its number in the block.
  var position = 0
  /// Its number in the batch.
  var index = 0
  /// What it shows.
  var label = 0

  private let memory: Memory<Float>

  init(_ layout: MemoryLayoutPlan) {
    let memory = Memory<Float>(count: layout.count)
    activations = layout.activations.map { memory.start + $0 }
    gradients = layout.gradients.map { memory.start + $0 }
    self.memory = memory
  }
}
