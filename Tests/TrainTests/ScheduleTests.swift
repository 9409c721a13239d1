import Testing
import Train

@Suite struct ScheduleTests {
  private func rates(_ shape: Schedule.Shape, warmUp: Float) -> [Float] {
    let schedule = Schedule(shape: shape, peak: 2, warmUp: warmUp, steps: 8)
    return (0..<8).map { schedule.rate(at: $0) }
  }

  private func expectEqual(_ found: [Float], _ expected: [Float]) {
    #expect(found.count == expected.count)
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "\(found)")
  }

  @Test("constant stays at its peak after a straight rise")
  func constant() {
    expectEqual(rates(.constant, warmUp: 0), [2, 2, 2, 2, 2, 2, 2, 2])
    expectEqual(rates(.constant, warmUp: 0.375), [0.5, 1, 1.5, 2, 2, 2, 2, 2])
  }

  @Test("cosine falls along half a cosine")
  func cosine() {
    expectEqual(
      rates(.cosine, warmUp: 0),
      [2, 1.9238795, 1.7071068, 1.3826834, 1, 0.6173166, 0.29289323, 0.076120496])
  }

  @Test("cosine after a straight rise falls over the rest of the steps")
  func warmCosine() {
    expectEqual(
      rates(.cosine, warmUp: 0.5), [0.4, 0.8, 1.2, 1.6, 2, 1.7071068, 1, 0.29289323])
  }

  @Test("one-cycle rises from a 25th, peaks after the warm-up, falls to nothing")
  func oneCycle() {
    expectEqual(
      rates(.oneCycle, warmUp: 0.5),
      [0.08, 0.36117494, 1.04, 1.7188251, 2, 1.7071361, 1.0001, 0.2930639])
  }
}
