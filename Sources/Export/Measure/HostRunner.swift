import TinyRuntime

/// A model file in memory of its own, ready to run: the walk was taken once, and its steps are replayed for each picture.
final class HostRunner {
  let file: UnsafeMutableRawBufferPointer
  let memory: UnsafeMutableRawBufferPointer
  private let records: UnsafeMutableBufferPointer<OpRecord>
  private let ops: UnsafeMutableBufferPointer<DecodedOp>
  private let steps: UnsafeMutableBufferPointer<WalkStep>

  /// Prepares a model.
  /// - Parameters:
  ///   - model: what the loader found.
  ///   - bytes: the file it found that in.
  /// - Throws: `ModelError`, as the device would refuse it.
  init(_ model: Model, _ bytes: [UInt8]) throws(ModelError) {
    // A cache line, so that vectors of weights lie in one each.
    file = .allocate(byteCount: bytes.count, alignment: 64)
    file.copyBytes(from: bytes)
    memory = .allocate(byteCount: max(model.memoryByteCount, 1), alignment: 64)
    let session = try unsafe Session(model, file: UnsafeRawBufferPointer(file), memory: memory)
    let indices = 0..<model.recordCount
    let records = Self.copy(indices.map { OpRecord(step: $0, of: bytes.span.bytes) })
    var ops: [DecodedOp] = []
    for index in indices {
      ops.append(unsafe session.decoded(index, UnsafeBufferPointer(records)))
    }
    self.records = records
    self.ops = Self.copy(ops)
    steps = Self.copy(Walk.steps(of: bytes, recordCount: model.recordCount))
  }

  deinit {
    file.deallocate()
    memory.deallocate()
    records.deallocate()
    ops.deallocate()
    steps.deallocate()
  }

  private static func copy<Element>(_ elements: [Element]) -> UnsafeMutableBufferPointer<Element> {
    let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
    _ = buffer.initialize(from: elements)
    return buffer
  }

  /// Runs one picture; see `Session.run`.
  /// - Parameters:
  ///   - picture: writes a row of the picture.
  ///   - output: takes the output tensor.
  ///   - observe: is told each step.
  @inline(__always)
  func run(
    picture: (Int, inout MutableSpan<Int8>) -> Void, output: inout MutableSpan<Int8>,
    observe: (Int, Int, Span<Int8>) -> Void
  ) {
    let session = unsafe Session(file: UnsafeRawBufferPointer(file), memory: memory)
    unsafe session.replay(
      UnsafeBufferPointer(steps), ops: UnsafeBufferPointer(ops), picture: picture, output: &output,
      observe: observe)
  }
}
