import Foundation
import Testing

@testable import CLI

@Suite("Rank report") struct RankReportTests {
  private func report(_ host: String, recipe: String = "a", data: String = "b") -> RankReport {
    RankReport(
      .success([
        RankReport.Input(name: "recipe", digest: recipe),
        RankReport.Input(name: "set", digest: data),
      ]), host: host)
  }

  @Test func `the first rank that can't work with rank 0 is named`() {
    let (one, two) = (report("one"), report("two"))
    #expect(RankReport.objection(in: [one]) == nil)
    #expect(RankReport.objection(in: [one, two, two]) == nil)
    let other = RankReport.Objection(
      status: 1, message: "rank 1 on three has another set than rank 0 on one")
    let third = report("three", data: "c")
    #expect(RankReport.objection(in: [one, third, report("four", recipe: "d")]) == other)
    let failed = RankReport(.failure(Failure("x: no such file")), host: "five")
    let failure = RankReport.Objection(status: 1, message: "rank 2 on five: x: no such file")
    #expect(RankReport.objection(in: [one, two, failed, third]) == failure)
  }

  @Test func `it survives being sent`() throws {
    for report in [report("one"), RankReport(.failure(Interrupted()), host: "two")] {
      let bytes = try JSONEncoder().encode(report)
      #expect(try JSONDecoder().decode(RankReport.self, from: bytes) == report)
    }
  }
}
