import Foundation
import GRDB
import Search
import Testing
import Train

@testable import CLI

@Suite("a search's database") struct SearchDatabaseTests {
  let folder = try! TemporaryFolder()
  var path: String { folder["search.sqlite"] }

  private let settings = SearchSettings(
    seed: .max, epochs: 9, leastEpochs: 1, eta: 3, budget: Budget(ramBytes: 5),
    share: Share("2/3")!, space: "width = 3\n", data: "some")

  private func failure(_ work: () throws -> Void) -> String {
    do {
      try work()
      return "none"
    } catch { return "\(error)" }
  }

  @Test func `settings come back as they were`() throws {
    let database = try SearchDatabase(path)
    #expect(try database.settings() == nil)
    try database.write(settings)
    #expect(try SearchDatabase(existing: path).settings() == settings)
  }

  @Test func `a newer version's is refused, and left alone`() throws {
    try SearchDatabase(path).write(settings)
    try DatabaseQueue(path: path).write {
      try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('2')")
    }
    let bytes = try folder.bytes("search.sqlite")
    #expect(
      failure { _ = try SearchDatabase(path) }
        == "\(path): is a newer version's; this thimble reads version 1")
    #expect(try folder.bytes("search.sqlite") == bytes)
  }

  @Test func `other files are refused, and left alone`() throws {
    try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE mine (a)") }
    let bytes = try folder.bytes("search.sqlite")
    #expect(failure { _ = try SearchDatabase(path) } == "\(path): is a database, but no search's")
    #expect(try folder.bytes("search.sqlite") == bytes)
    let text = try folder.write(Data("this is a text of some length".utf8), to: "text")
    #expect(failure { _ = try SearchDatabase(text) }.hasPrefix("\(text): "))
    #expect(failure { _ = try SearchDatabase(existing: path + "x") }.contains("no such file"))
  }

  @Test(arguments: 1...40) func `damaged bytes are an error, never a crash`(seed: UInt64) throws {
    do {
      let database = try SearchDatabase(path)
      try database.write(settings)
      let space = SearchSpace(for: .init(height: 28, width: 28, channels: 1))
      for number in 1...20 {
        let candidate = space.candidate(
          number, seed: 1, epochs: 9, input: .init(height: 28, width: 28, channels: 1),
          labelCount: 10)
        try database.write(TrialRecord(candidate))
      }
    }
    var bytes = try folder.bytes("search.sqlite")
    var random = SplitMix(seed: seed)
    for _ in 0..<200 {
      // The header is checked by SQLite itself, before anything of ours.
      bytes[Int.random(in: 100..<bytes.count, using: &random)] = .random(
        in: 0...255, using: &random)
    }
    let damaged = try folder.write(bytes, to: "damaged.sqlite")
    let found = failure {
      let database = try SearchDatabase(existing: damaged)
      _ = try database.settings()
      _ = try database.trials()
      _ = try database.trained()
      _ = try database.results()
    }
    #expect(found == "none" || found.contains("damaged.sqlite: "))
  }
}
