import Network
import Search
import Train

/// Runs a search's trials until there is nothing more to do.
struct SearchRun {
  let settings: SearchSettings
  let space: SearchSpace
  /// How many trials there are, those of other shares counted.
  let trials: Int
  let database: SearchDatabase
  let runner: TrialRunner
  let input: Shape
  let labelCount: Int

  /// Runs them.
  ///
  /// What is next follows from the database alone, so that a run that was stopped goes on as if it had not been.
  /// - Throws: `Interrupted` on Ctrl-C, `Failure`, `FileError`; what is done stays done.
  func finish() throws {
    do {
      while try step() { try Interruption.check() }
    } catch let stopped as Interrupted {
      StandardError.note("stopped; the same command goes on")
      throw stopped
    }
  }

  /// Takes the next step.
  /// - Returns: whether there was one.
  private func step() throws -> Bool {
    if let trial = try database.firstUntrained() {
      try climb(trial, to: 0)
    } else if let promotion = try promotion(isComplete: false) {
      try climb(try database.trial(promotion.trial), to: promotion.rung)
    } else if let number = try firstUnseen() {
      // Large networks take a while, and many may be turned away in a row.
      let bar = ProgressBar("looking at trial \(number)/\(trials)", total: trials)
      defer { bar.clear() }
      bar.update(number - 1)
      try database.write(try examined(number))
    } else if let promotion = try promotion(isComplete: true) {
      try climb(try database.trial(promotion.trial), to: promotion.rung)
    } else {
      return false
    }
    return true
  }

  private func promotion(isComplete: Bool) throws -> Halving.Promotion? {
    let halving = settings.halving
    var scores = [[Score]](repeating: [], count: halving.rungs.count)
    for result in try database.results() where scores.indices.contains(result.rung) {
      scores[result.rung].append(result.score)
    }
    return halving.promotion(
      scores: scores, failed: try database.failures(), isComplete: isComplete)
  }

  private func firstUnseen() throws -> Int? {
    let seen = try database.numbers()
    return settings.share.numbers(of: trials).first { !seen.contains($0) }
  }

  private func examined(_ number: Int) throws -> TrialRecord {
    let candidate = space.candidate(
      number, seed: settings.seed, epochs: settings.epochs, input: input, labelCount: labelCount)
    let record = TrialRecord(candidate)
    if let twin = try database.twin(of: record) {
      return record.with(.repeated, because: "the same as trial \(twin)")
    }
    return try runner.examined(candidate)
  }

  private func climb(_ trial: TrialRecord, to rung: Int) throws {
    // Only training looks whether it is asked to stop. All else may end at once: the database holds whole steps.
    switch try Interruption.polled({ try runner.climb(trial, to: rung) }) {
    case .failure(let reason):
      try database.fail(trial, because: reason)
      StandardError.note("trial \(trial.number)/\(trials): \(reason)")
    case .result(let result):
      try database.write(result)
      let accuracy = NumberFormat.percent(Double(result.correct) / Double(result.pictures))
      StandardError.note(
        "trial \(trial.number)/\(trials): \(accuracy) after \(result.epochs) of "
          + "\(settings.epochs) epochs, \(NumberFormat.grouped(result.file_bytes)) bytes, "
          + "\(NumberFormat.grouped(result.ram_bytes)) of RAM: \(trial.summary)")
      if result.epochs < settings.epochs { return }
    }
    try runner.removeState(of: trial.number)
  }
}
