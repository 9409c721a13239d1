import Foundation
import Synchronization

@testable import Train

/// Ranks that are threads of this process and leave each other letters.
final class ThreadRanks: Sendable {
  /// One of them.
  private struct Rank: Communicator {
    let rank: Int
    let ranks: ThreadRanks

    var count: Int { ranks.count }

    func send(_ bytes: UnsafeRawBufferPointer, to rank: Int) {
      ranks.post(Data(bytes), from: self.rank, to: rank)
    }

    func receive(_ bytes: UnsafeMutableRawBufferPointer, from rank: Int) {
      let letter = ranks.letter(from: rank, to: self.rank)
      precondition(letter.count == bytes.count, "the sender's count is the receiver's")
      letter.copyBytes(to: bytes)
    }

    func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from rank: Int) {
      guard self.rank == rank else { return receive(bytes, from: rank) }
      for other in 0..<count where other != rank { send(UnsafeRawBufferPointer(bytes), to: other) }
    }

    func gather(_ bytes: UnsafeMutableRawBufferPointer, parts: [Range<Int>]) {
      for other in 0..<count where other != rank {
        send(UnsafeRawBufferPointer(rebasing: bytes[parts[rank]]), to: other)
      }
      for other in 0..<count where other != rank {
        receive(UnsafeMutableRawBufferPointer(rebasing: bytes[parts[other]]), from: other)
      }
    }
  }

  private struct Way: Hashable {
    var from: Int
    var to: Int
  }

  private let count: Int
  private let letters = Mutex<[Way: [Data]]>([:])
  private let arrivals: [[DispatchSemaphore]]

  private init(count: Int) {
    self.count = count
    arrivals = (0..<count).map { _ in (0..<count).map { _ in DispatchSemaphore(value: 0) } }
  }

  private func post(_ letter: Data, from: Int, to: Int) {
    letters.withLock { $0[Way(from: from, to: to), default: []].append(letter) }
    arrivals[from][to].signal()
  }

  private func letter(from: Int, to: Int) -> Data {
    arrivals[from][to].wait()
    return letters.withLock { $0[Way(from: from, to: to)]!.removeFirst() }
  }

  /// Runs `body` as every rank, each in a thread, and gives what came of it, in the order of the ranks.
  static func run<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (any Communicator) throws -> Value
  ) throws -> [Value] {
    let ranks = ThreadRanks(count: count)
    let results = Mutex<[Int: Result<Value, any Error>]>([:])
    let ends = DispatchSemaphore(value: 0)
    for rank in 0..<count {
      Thread.detachNewThread {
        let result = Result { try body(Rank(rank: rank, ranks: ranks)) }
        results.withLock { $0[rank] = result }
        ends.signal()
      }
    }
    for _ in 0..<count { ends.wait() }
    return try results.withLock { results in try (0..<count).map { try results[$0]!.get() } }
  }
}
