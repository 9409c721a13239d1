import GRDB
import Search

/// The results of a search, in SQLite: a transaction a step, so that whatever ends the process leaves whole steps.
struct SearchDatabase {
  /// The path as the user gave it.
  let path: String
  private let queue: DatabaseQueue

  /// `THMS`, where SQLite says whose file it is.
  private static let applicationID = 0x5448_4D53

  /// The schema. A change is a further migration; those that are there stay as they are.
  private static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(
        sql: """
          CREATE TABLE setting (option TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
          CREATE TABLE trial (
            number INTEGER PRIMARY KEY NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('accepted', 'rejected', 'repeated', 'failed')),
            reason TEXT,
            summary TEXT NOT NULL, network TEXT NOT NULL, recipe TEXT NOT NULL, weights TEXT NOT NULL,
            parameters INTEGER, macs INTEGER, file_bytes INTEGER, ram_bytes INTEGER);
          CREATE TABLE result (
            trial INTEGER NOT NULL REFERENCES trial (number),
            rung INTEGER NOT NULL, epochs INTEGER NOT NULL,
            correct INTEGER NOT NULL, pictures INTEGER NOT NULL CHECK (correct <= pictures),
            file_bytes INTEGER NOT NULL, ram_bytes INTEGER NOT NULL, seconds REAL NOT NULL,
            PRIMARY KEY (trial, rung)) WITHOUT ROWID;
          CREATE VIEW trained AS
            SELECT number AS trial, epochs, correct, pictures,
              CAST(correct AS REAL) / pictures AS validation_accuracy,
              result.file_bytes, result.ram_bytes, macs, parameters, weights, summary
            FROM trial JOIN result ON result.trial = number
            WHERE rung = (SELECT max(rung) FROM result WHERE trial = number);
          PRAGMA application_id = \(applicationID);
          """)
    }
    return migrator
  }()

  /// Opens the database of a search, making it if there is none.
  /// - Throws: a `Failure` that names the file: it is no search's, or that of a newer version.
  init(_ path: String) throws { try self.init(path, mayBegin: true) }

  private init(_ path: String, mayBegin: Bool) throws {
    self.path = path
    queue = try Self.attempt(path) {
      var configuration = Configuration()
      // Someone may be looking at the table with a tool of their own.
      configuration.busyMode = .timeout(10)
      return try DatabaseQueue(path: path, configuration: configuration)
    }
    try attempt { queue in
      let isOurs = try queue.read { database in
        try Int.fetchOne(database, sql: "PRAGMA application_id") == Self.applicationID
          || mayBegin && Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
      }
      guard isOurs else { throw Failure("\(path): is a database, but no search's") }
      guard try !queue.read(Self.migrator.hasBeenSuperseded) else {
        throw Failure("\(path): is a newer version's; this thimble reads version 1")
      }
      if try !queue.read(Self.migrator.hasCompletedMigrations) { try Self.migrator.migrate(queue) }
    }
  }

  /// Opens the database of a search that was begun.
  /// - Throws: a `Failure` that says that there is none.
  init(existing path: String) throws {
    guard Folder.kind(of: path) == .file else {
      throw Failure("\(path): no such file; a search writes it")
    }
    try self.init(path, mayBegin: false)
  }

  /// What the search follows from; nil in a new database.
  func settings() throws -> SearchSettings? {
    let entries = try read { try SettingRecord.fetchAll($0) }
    if entries.isEmpty { return nil }
    let values = entries.map { ($0.option, $0.value) }
    guard let settings = SearchSettings(values: Dictionary(values) { $1 }) else {
      throw Failure("\(path): the table setting is damaged")
    }
    return settings
  }

  /// Takes down what the search follows from.
  func write(_ settings: SearchSettings) throws {
    try write { database in
      for entry in settings.entries {
        try SettingRecord(option: entry.option, value: entry.value).insert(database)
      }
    }
  }

  /// Takes down a new trial.
  func write(_ trial: TrialRecord) throws { try write { try trial.insert($0) } }

  /// Takes down that a trial came to nothing.
  func fail(_ trial: TrialRecord, because reason: String) throws {
    try write { try trial.with(.failed, because: reason).update($0) }
  }

  /// Takes down a rung's result.
  func write(_ result: ResultRecord) throws { try write { try result.insert($0) } }

  /// Takes down another search's trials and results.
  func write(_ trials: [TrialRecord], _ results: [ResultRecord]) throws {
    try write { database in
      for trial in trials { try trial.insert(database) }
      for result in results { try result.insert(database) }
    }
  }

  /// All trials, by number.
  func trials() throws -> [TrialRecord] {
    try read { try TrialRecord.fetchAll($0, sql: "SELECT * FROM trial ORDER BY number") }
  }

  /// The trial of a number.
  func trial(_ number: Int) throws -> TrialRecord {
    guard let trial = try read({ try TrialRecord.fetchOne($0, key: number) }) else {
      throw Failure("\(path): trial \(number) has a result, and isn't there")
    }
    return trial
  }

  /// The numbers of all trials.
  func numbers() throws -> Set<Int> {
    try read { try Int.fetchSet($0, sql: "SELECT number FROM trial") }
  }

  /// The numbers of trials whose training came to nothing.
  func failures() throws -> Set<Int> {
    try read { try Int.fetchSet($0, sql: "SELECT number FROM trial WHERE state = 'failed'") }
  }

  /// The first trial that is to be trained and never was.
  func firstUntrained() throws -> TrialRecord? {
    try read {
      try TrialRecord.fetchOne(
        $0,
        sql: """
          SELECT * FROM trial WHERE state = 'accepted'
          AND NOT EXISTS (SELECT * FROM result WHERE trial = number) ORDER BY number LIMIT 1
          """)
    }
  }

  /// The number of a trial that is the same as this one.
  func twin(of trial: TrialRecord) throws -> Int? {
    try read {
      try Int.fetchOne(
        $0,
        sql: """
          SELECT number FROM trial WHERE network = ? AND recipe = ? AND weights = ?
          ORDER BY number LIMIT 1
          """, arguments: [trial.network, trial.recipe, trial.weights])
    }
  }

  /// All results, by trial and rung.
  func results() throws -> [ResultRecord] {
    try measured(
      read { try ResultRecord.fetchAll($0, sql: "SELECT * FROM result ORDER BY trial, rung") })
  }

  /// What each trained trial came to, by number.
  func trained() throws -> [TrainedRecord] {
    try measured(
      read { try TrainedRecord.fetchAll($0, sql: "SELECT * FROM trained ORDER BY trial") })
  }

  private func measured<Record: MeasuredRecord>(_ records: [Record]) throws -> [Record] {
    guard records.allSatisfy(\.isPossible) else {
      throw Failure("\(path): a result is damaged: its numbers can't be")
    }
    return records
  }

  private func read<Value>(_ work: (Database) throws -> Value) throws -> Value {
    try attempt { try $0.read(work) }
  }

  private func write(_ work: (Database) throws -> Void) throws {
    try attempt { try $0.write(work) }
  }

  private func attempt<Value>(_ work: (DatabaseQueue) throws -> Value) throws -> Value {
    try Self.attempt(path) { try work(queue) }
  }

  /// Says in one line what SQLite didn't like.
  private static func attempt<Value>(_ path: String, _ work: () throws -> Value) throws -> Value {
    do {
      return try work()
    } catch let error as DatabaseError {
      throw Failure("\(path): \(error.message ?? "\(error.resultCode)")")
    } catch let error where error is RowDecodingError || error is DecodingError {
      throw Failure("\(path): a row is damaged: it has a value that a search doesn't write")
    }
  }
}
