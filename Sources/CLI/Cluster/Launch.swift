import Foundation

/// What a launcher of several processes (`mpirun`, `srun`) tells one of them in its environment.
struct Launch: Hashable {
  /// Which of the processes this is, from 0; nil where no launcher says so.
  let rank: Int?
  /// How many there are; at least 1.
  let count: Int

  /// Reads the variables of Open MPI, PMIx and PMI, and of Slurm for the count that PMIx doesn't tell.
  init(environment: [String: String]) {
    func number(_ names: [String]) -> Int? {
      names.lazy.compactMap { environment[$0].flatMap { UInt32($0) } }.first.map { Int($0) }
    }
    rank = number(["OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"])
    let count = number(["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"])
    self.count = rank.map { max(count ?? 1, $0 + 1) } ?? 1
  }

  /// This process's.
  static var own: Launch { Launch(environment: ProcessInfo.processInfo.environment) }

  /// Whether another process of the launch says what there is to say.
  var isQuiet: Bool { (rank ?? 0) > 0 }

  /// Waits until the first process has said what is wrong with all. They have nothing in common yet by which to know, and
  /// a launcher ends all when one fails.
  func giveWay() { sleep(1) }
}
