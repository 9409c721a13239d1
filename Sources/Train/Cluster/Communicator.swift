/// Processes, called ranks, that train one network together, as one of them sees it.
///
/// All ranks call the same operations in the same order, each from one thread at a time. An operation returns when it is
/// done; one that can't be done ends the process.
public protocol Communicator: Sendable {
  /// Which of the ranks this is, from 0.
  var rank: Int { get }
  /// The number of ranks, at least 1.
  var count: Int { get }
  /// Sends bytes to another rank, which receives as many.
  func send(_ bytes: UnsafeRawBufferPointer, to rank: Int)
  /// Receives as many bytes as another rank sends.
  func receive(_ bytes: UnsafeMutableRawBufferPointer, from rank: Int)
  /// Gives one rank's bytes to all.
  func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from rank: Int)
  /// Gives every rank's part of `bytes` to all; `parts` has a range of byte offsets for each rank, one behind the other.
  func gather(_ bytes: UnsafeMutableRawBufferPointer, parts: [Range<Int>])
}

/// One process alone.
public struct SingleProcess: Communicator {
  /// Creates what a process needs to work alone.
  public init() {}

  /// It is the only one.
  public var rank: Int { 0 }
  /// It is the only one.
  public var count: Int { 1 }
  /// There is nobody to send to.
  public func send(_ bytes: UnsafeRawBufferPointer, to rank: Int) {}
  /// There is nobody to receive from.
  public func receive(_ bytes: UnsafeMutableRawBufferPointer, from rank: Int) {}
  /// Its bytes are its own.
  public func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from rank: Int) {}
  /// Its part is all there is.
  public func gather(_ bytes: UnsafeMutableRawBufferPointer, parts: [Range<Int>]) {}
}

extension Communicator {
  /// Cuts `total` things into a part for each rank, one behind the other and as equal as can be. No part is larger than
  /// rank 0's.
  func parts(of total: Int) -> [Range<Int>] {
    let ends = (0...count).map { (total * $0 + count - 1) / count }
    return zip(ends, ends.dropFirst()).map { $0..<$1 }
  }

  /// Every rank's value, in the order of the ranks.
  public func all<Value: BitwiseCopyable>(_ value: Value) -> [Value] {
    var values = [Value](repeating: value, count: count)
    guard count > 1 else { return values }
    let stride = MemoryLayout<Value>.stride
    values.withUnsafeMutableBytes { bytes in
      gather(bytes, parts: (0..<count).map { $0 * stride..<($0 + 1) * stride })
    }
    return values
  }
}
