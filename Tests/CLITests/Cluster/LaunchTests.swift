import Testing

@testable import CLI

@Suite("Launch") struct LaunchTests {
  @Test(
    arguments: [
      ([:], nil, 1),
      (["OMPI_COMM_WORLD_RANK": "2", "OMPI_COMM_WORLD_SIZE": "4"], 2, 4),
      (["PMI_RANK": "0", "PMI_SIZE": "2"], 0, 2),
      (["PMIX_RANK": "1", "SLURM_STEP_NUM_TASKS": "3"], 1, 3),
      (["PMIX_RANK": "1"], 1, 2),
      // A job's script is one process, whatever its steps will be.
      (["SLURM_STEP_NUM_TASKS": "3"], nil, 1),
      (["OMPI_COMM_WORLD_RANK": "first"], nil, 1),
      (["PMIX_RANK": "9223372036854775807"], nil, 1),
    ] as [([String: String], Int?, Int)])
  func `launchers tell rank and count`(
    environment: [String: String], rank: Int?, count: Int
  ) {
    let launch = Launch(environment: environment)
    #expect(launch.rank == rank && launch.count == count)
    #expect(launch.isQuiet == ((rank ?? 0) > 0))
  }
}
