import Foundation

/// What a rank says before the work: how it fared so far, and what it would work on.
struct RankReport: Codable, Hashable {
  /// Something that must be the same on all ranks.
  struct Input: Codable, Hashable {
    /// Such as `recipe`.
    var name: String
    /// The same where the input is the same.
    var digest: String
  }

  /// Why a rank can't work with the others.
  struct Objection: Codable, Hashable {
    /// What the process ends with.
    var status: Int32
    /// One line.
    var message: String
  }

  private var host: String
  /// In the same order on all ranks.
  private var inputs: [Input] = []
  private var failure: Objection?

  /// Reports a rank of this machine.
  init(_ result: Result<[Input], any Error>, host: String = Self.hostName) {
    self.host = host
    switch result {
    case .success(let inputs): self.inputs = inputs
    case .failure(let error):
      failure = Objection(status: ExitStatus(error).code, message: "\(Failure("\(error)"))")
    }
  }

  /// What the first rank that can't work with rank 0 has against it; nil if all can.
  static func objection(in reports: [RankReport]) -> Objection? {
    for (rank, report) in reports.enumerated() {
      let name = "rank \(rank) on \(report.host)"
      if let failure = report.failure {
        return Objection(status: failure.status, message: "\(name): \(failure.message)")
      }
      let pair = zip(reports[0].inputs, report.inputs).first { $0 != $1 }
      if let (expected, _) = pair {
        return Objection(
          status: ExitStatus.failed,
          message: "\(name) has another \(expected.name) than rank 0 on \(reports[0].host)")
      }
    }
    return nil
  }

  private static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "an unknown host" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
