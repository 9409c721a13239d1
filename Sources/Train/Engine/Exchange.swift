/// A rank's share of every batch, and what it exchanges with the others so that all have what one process would have.
///
/// Ranks take whole blocks, one run of them each, in the order of the ranks. What is added up over blocks is added up in
/// the blocks' order, whoever computed them, and so comes out the same, bit for bit.
final class Exchange: Sendable {
  /// Gradients go from rank to rank so many at a time: while one adds, the next is already adding to what came before.
  private static let piece = 1 << 14

  /// The blocks of a batch that are this rank's.
  let share: Range<Int>
  private let communicator: any Communicator
  private let parts: [Range<Int>]

  init(_ communicator: any Communicator, blocks: Int) {
    self.communicator = communicator
    parts = communicator.parts(of: blocks)
    share = parts[communicator.rank]
  }

  /// Whether there is anybody else.
  var isNeeded: Bool { communicator.count > 1 }

  /// Gives all ranks what each block has in these places of its sums.
  func spread(_ places: Range<Int>, of blocks: ArraySlice<Block>) {
    guard isNeeded, !places.isEmpty else { return }
    let width = places.count
    var rows = [Double](repeating: 0, count: blocks.count * width)
    rows.withUnsafeMutableBufferPointer { rows in
      for block in blocks where share.contains(block.index) {
        for place in 0..<width {
          rows[block.index * width + place] = block.sums.start[places.lowerBound + place]
        }
      }
      let stride = width * MemoryLayout<Double>.stride
      communicator.gather(
        UnsafeMutableRawBufferPointer(rows),
        parts: parts.map { part in
          let live = part.clamped(to: blocks.indices)
          return live.lowerBound * stride..<live.upperBound * stride
        })
      for block in blocks where !share.contains(block.index) {
        for place in 0..<width {
          block.sums.start[places.lowerBound + place] = rows[block.index * width + place]
        }
      }
    }
  }

  /// Adds up `count` floats over all ranks' blocks, and gives all ranks the sums. `add` adds this rank's blocks to what a
  /// range of the floats holds: what the ranks before came to, 0 on the first.
  func sum(
    _ floats: UnsafeMutablePointer<Float>, count: Int, add: (_ range: Range<Int>) -> Void
  ) {
    let rank = communicator.rank
    if rank == 0 { floats.update(repeating: 0, count: count) }
    for start in stride(from: 0, to: count, by: Self.piece) {
      let range = start..<min(start + Self.piece, count)
      let bytes = UnsafeMutableRawBufferPointer(
        UnsafeMutableBufferPointer(start: floats + start, count: range.count))
      if rank > 0 { communicator.receive(bytes, from: rank - 1) }
      add(range)
      if rank < communicator.count - 1 {
        communicator.send(UnsafeRawBufferPointer(bytes), to: rank + 1)
      }
    }
    communicator.broadcast(
      UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(start: floats, count: count)),
      from: communicator.count - 1)
  }
}
