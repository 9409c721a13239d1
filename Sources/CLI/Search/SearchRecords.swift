import GRDB
import Search

/// A row of the table `setting`: an option, and its value.
struct SettingRecord: Codable, FetchableRecord, PersistableRecord {
  static let databaseTableName = "setting"

  var option: String
  var value: String
}

/// A row of the table `trial`: what was drawn, and what is known of it before it is trained.
struct TrialRecord: Codable, Hashable, FetchableRecord, PersistableRecord {
  /// What becomes of a trial.
  enum State: String, Codable {
    /// It fits the budgets, and is trained.
    case accepted
    /// It doesn't fit, or can't be exported.
    case rejected
    /// An earlier trial is the same.
    case repeated
    /// Its training came to nothing.
    case failed
  }

  static let databaseTableName = "trial"

  /// From 1.
  var number: Int
  var state: State
  /// Why it isn't trained on.
  var reason: String?
  /// The network in a few words.
  var summary: String
  /// The network's text.
  var network: String
  /// The recipe's text.
  var recipe: String
  /// The name of the weights' grid.
  var weights: String
  /// Unknown where the layers make no network.
  var parameters: Int?
  /// For one picture.
  var macs: Int?
  /// With seeded weights; unknown where there was no need to look.
  var file_bytes: Int?
  /// Arena and weight RAM.
  var ram_bytes: Int?

  /// The record of a candidate that nothing is known of.
  init(_ candidate: Candidate) {
    number = candidate.number
    state = .accepted
    summary = candidate.summary
    network = candidate.network
    recipe = candidate.recipe.text
    weights = candidate.weights.rawValue
  }

  /// The same, not to be trained.
  func with(_ state: State, because reason: String) -> TrialRecord {
    var record = self
    record.state = state
    record.reason = reason
    return record
  }
}

/// A row of the table `result`: what a trial came to at a rung.
struct ResultRecord: MeasuredRecord, Codable, Hashable, FetchableRecord, PersistableRecord {
  static let databaseTableName = "result"

  var trial: Int
  /// From 0.
  var rung: Int
  /// Behind it.
  var epochs: Int
  /// The number of validation pictures that the model file was right on.
  var correct: Int
  /// The number of validation pictures.
  var pictures: Int
  var file_bytes: Int
  /// Arena and weight RAM.
  var ram_bytes: Int
  /// That were spent on this rung.
  var seconds: Double

  /// As far as trials are compared.
  var score: Score { Score(trial: trial, correct: correct, fileBytes: file_bytes) }
}

/// What a model came to, as a row has it.
protocol MeasuredRecord {
  var correct: Int { get }
  var pictures: Int { get }
  var file_bytes: Int { get }
  var ram_bytes: Int { get }
}

extension MeasuredRecord {
  /// Whether the numbers can be those of a model; a damaged database may hold others.
  var isPossible: Bool {
    let sizes = 1...(1 << 40)
    return sizes.contains(pictures) && (0...pictures).contains(correct)
      && sizes.contains(file_bytes) && sizes.contains(ram_bytes)
  }
}

/// A row of the view `trained`: a trial and its result at the highest rung that it reached.
struct TrainedRecord: MeasuredRecord, Codable, Hashable, FetchableRecord {
  var trial: Int
  var epochs: Int
  var correct: Int
  var pictures: Int
  var validation_accuracy: Double
  var file_bytes: Int
  var ram_bytes: Int
  var macs: Int
  var parameters: Int
  var weights: String
  var summary: String

  /// As far as the front is concerned.
  var point: FrontPoint {
    FrontPoint(
      score: Score(trial: trial, correct: correct, fileBytes: file_bytes), ramBytes: ram_bytes)
  }
}
