import ArgumentParser
import Foundation
import Network
import Train

/// The processes that train one network: this one alone, or the ranks that a launcher started.
///
/// Rank 0 leads. It alone has states and outputs, and says what there is to say. The others read the same inputs, train
/// along in every run that rank 0 starts, and end as it ends.
struct Cluster {
  /// What the ranks exchange.
  let communicator: any Communicator
  /// Waits for all, and ends what they had together.
  private let leaving: () -> Void
  private let aborting: (_ status: Int32) -> Void

  /// Joins the others, if the launch has any, does its work with them, and leaves them.
  /// - Throws: a `Failure` where this build can't; an `ExitCode` where `work` failed, which is said already.
  static func join(_ launch: Launch, _ work: (Cluster) throws -> Void) throws {
    let cluster = try Cluster(launch)
    do {
      try work(cluster)
      cluster.leaving()
    } catch {
      // A launcher ends all when one fails: what there is to say comes before anybody leaves.
      let code = ExitStatus(error).said()
      cluster.leaving()
      throw ExitCode(code)
    }
  }

  private init(_ launch: Launch) throws {
    #if MPI
      if launch.rank != nil {
        let communicator = try MPICommunicator()
        self.communicator = communicator
        leaving = { communicator.leave() }
        aborting = { communicator.abort($0) }
        return
      }
    #endif
    guard launch.count == 1 else {
      if launch.isQuiet {
        launch.giveWay()
        throw ExitCode.failure
      }
      throw Failure(
        "started as one of \(launch.count) processes, and this build has no MPI; make build-mpi makes one that has"
      )
    }
    communicator = SingleProcess()
    leaving = {}
    aborting = { _ in }
  }

  /// Whether this is rank 0.
  var isLeader: Bool { communicator.rank == 0 }

  /// Makes what every rank needs, and gives it if all succeeded and `inputs` says the same everywhere.
  /// - Throws: rank 0's own error, or a `Failure` that says which rank has another or none; on the others, an `ExitCode`
  ///   that says nothing.
  func agree<Value>(
    _ make: () throws -> Value, inputs: (Value) throws -> [RankReport.Input]
  ) throws -> Value {
    guard communicator.count > 1 else { return try make() }
    let made = Result { () throws -> (value: Value, inputs: [RankReport.Input]) in
      let value = try make()
      return (value, try inputs(value))
    }
    let reports = try all(RankReport(made.map(\.inputs)))
    guard let objection = RankReport.objection(in: reports) else { return try made.get().value }
    guard isLeader else { throw ExitCode(objection.status) }
    _ = try made.get()
    throw Failure(objection.message)
  }

  /// Rank 0's work: `body` may `start` runs. The others are told how it ended.
  func lead(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch {
      tell(.end(status: ExitStatus(error).code))
      throw error
    }
    tell(.end(status: ExitStatus.done))
  }

  /// Lets the others train along, from rank 0's state.
  func start(_ state: TrainingState) {
    guard communicator.count > 1 else { return }
    tell(.start(state.bytes))
  }

  /// The others' work: `train` is called with the state of every run that rank 0 starts.
  /// - Throws: an `ExitCode` that says nothing, where rank 0 failed.
  func follow(_ train: (TrainingState) throws -> Void) throws {
    while true {
      switch heard() {
      case .end(ExitStatus.done): return
      case .end(let status): throw ExitCode(status)
      case .start(let bytes):
        do {
          try train(TrainingState(bytes: bytes))
        } catch {
          // Rank 0 knows nothing of it, and would wait for ever.
          StandardError.write("thimble: error: rank \(communicator.rank): \(Failure("\(error)"))\n")
          aborting(ExitStatus.failed)
        }
      }
    }
  }
}

extension Cluster {
  /// What rank 0 tells the others.
  private enum Message {
    /// Train from a state, given as its bytes.
    case start([UInt8])
    /// That was all.
    case end(status: Int32)
  }

  /// Tells the others. A number goes ahead: how many bytes follow, or an end's status as its complement.
  private func tell(_ message: Message) {
    switch message {
    case .start(var bytes):
      broadcast(Int64(bytes.count))
      bytes.withUnsafeMutableBytes { communicator.broadcast($0, from: 0) }
    case .end(let status):
      broadcast(~Int64(status))
    }
  }

  /// Waits for what rank 0 tells.
  private func heard() -> Message {
    let number = broadcast(0)
    guard number >= 0 else { return .end(status: Int32(truncatingIfNeeded: ~number)) }
    var bytes = [UInt8](repeating: 0, count: Int(number))
    bytes.withUnsafeMutableBytes { communicator.broadcast($0, from: 0) }
    return .start(bytes)
  }

  @discardableResult
  private func broadcast(_ number: Int64) -> Int64 {
    var number = number
    withUnsafeMutableBytes(of: &number) { communicator.broadcast($0, from: 0) }
    return number
  }

  /// Every rank's report, in the order of the ranks.
  private func all(_ report: RankReport) throws -> [RankReport] {
    let own = try JSONEncoder().encode(report)
    var parts: [Range<Int>] = []
    for count in communicator.all(own.count) {
      let start = parts.last?.upperBound ?? 0
      parts.append(start..<start + count)
    }
    var bytes = Data(count: parts.last?.upperBound ?? 0)
    bytes.replaceSubrange(parts[communicator.rank], with: own)
    bytes.withUnsafeMutableBytes { communicator.gather($0, parts: parts) }
    return try parts.map { try JSONDecoder().decode(RankReport.self, from: bytes[$0]) }
  }
}
