import ArgumentParser
import Foundation
import Search

extension Share: ExpressibleByArgument {
  /// Reads `I/N`.
  public init?(argument: String) { self.init(argument) }
}

/// Tries networks and recipes under the budgets of a device.
struct SearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Try networks, recipes and bit widths under the budgets of a device.",
    discussion: """
      What doesn't fit is turned away before it is trained; the rest is trained a little, the best of it more, and \
      judged by the accuracy of its model file on the validation split. OUTPUT/search.sqlite holds every trial; a \
      search that was stopped goes on with the same command. docs/search.md says more.

      Example: thimble search --budget-flash 8192 --budget-ram 4096 --data mnist --output search
      """)

  @OptionGroup var global: GlobalOptions
  @Option(help: "The data folder; else THIMBLE_DATA.") var data: String?
  @Option(help: "A file of lines 'key = values'; keys left out have their defaults for the data.")
  var space: String?
  @Option(help: "The most bytes of a model file; the runtime's code is not counted.")
  var budgetFlash: Int?
  @Option(help: "The most bytes that a model works in: arena and weight RAM.")
  var budgetRam: Int?
  @Option(help: "The most multiply-accumulates for one picture.") var budgetMacs: Int?
  @Option(
    help: "How many networks to draw, those over budget counted; more may be asked for later.")
  var trials = 81
  @Option(help: "How often the best networks go over the pictures.") var epochs = 27
  @Option(help: "How often every network does, at least.") var minEpochs = 1
  @Option(help: "One network in so many goes up a rung, to so many times the epochs.") var eta = 3
  @Option(help: "What everything random follows from.") var seed: UInt64 = 1
  @Option(help: "How many threads; it changes the time only.")
  var threads = min(ProcessInfo.processInfo.activeProcessorCount, 256)
  @Option(help: "As I/N: the I-th of N runs that share the trials, each with its own --output.")
  var shard = Share.whole
  @Option(parsing: .upToNextOption, help: "Bring the folders of such runs together in --output.")
  var merge: [String] = []
  @Flag(help: "Print what --output holds, and do nothing else.") var show = false
  @Option(help: "The folder to write to.") var output = "search"

  private static let largest = 1_000_000

  func validate() throws {
    guard (1...256).contains(threads) else {
      throw ValidationError("--threads takes a number from 1 to 256")
    }
    for (option, value, least) in [
      ("--trials", trials, 1), ("--epochs", epochs, 1), ("--min-epochs", minEpochs, 1),
      ("--eta", eta, 2),
    ] where !(least...Self.largest).contains(value) {
      throw ValidationError("\(option) takes a number from \(least) to \(Self.largest)")
    }
    guard minEpochs <= epochs else {
      throw ValidationError("--min-epochs \(minEpochs) is more than --epochs \(epochs)")
    }
    for (option, value) in [
      ("--budget-flash", budgetFlash), ("--budget-ram", budgetRam), ("--budget-macs", budgetMacs),
    ] {
      if let value, value < 1 { throw ValidationError("\(option) takes a number from 1") }
    }
    if show, !merge.isEmpty { throw ValidationError("--show and --merge exclude each other") }
  }

  func run() throws {
    let folder = SearchFolder(path: output)
    if show { return try report(of: folder).write(isJSON: global.isJSON, hasFiles: false) }
    // What is merged is read before anything is made.
    let merging = merge.isEmpty ? nil : try SearchMerge(merge, into: folder)
    let pictures = merging == nil ? try readPictures() : nil
    let space = try pictures.map { try readSpace(for: $0) }
    try Folder.make(output)
    let lock = try OutputLock(output)
    defer { withExtendedLifetime(lock) {} }
    folder.removeRemains()
    if let merging {
      try merging.write()
    } else if let pictures, let space {
      try search(space, pictures, in: folder)
    }
    let report = try report(of: folder)
    try report.writeFiles()
    try report.write(isJSON: global.isJSON, hasFiles: true)
  }

  private func readPictures() throws -> SearchPictures {
    let source = DataSource(environment: ProcessInfo.processInfo.environment)
    return try SearchPictures(try source.folder(option: data), cache: source.cache)
  }

  private func readSpace(for pictures: SearchPictures) throws -> SearchSpace {
    let base = SearchSpace(for: pictures.training.shape)
    guard let space else { return base }
    let text = try InputFile.text(space)
    do throws(SpaceError) {
      return try SearchSpace(text: text, base: base)
    } catch { throw Failure("\(space): \(error)") }
  }

  private func report(of folder: SearchFolder) throws -> SearchReport {
    let database = try SearchDatabase(existing: folder.database)
    guard let settings = try database.settings() else {
      throw Failure("\(folder.path): the search in it has not begun")
    }
    return try SearchReport(database, settings, in: folder, data: data)
  }

  private func search(
    _ space: SearchSpace, _ pictures: SearchPictures, in folder: SearchFolder
  ) throws {
    let settings = SearchSettings(
      seed: seed, epochs: epochs, leastEpochs: minEpochs, eta: eta,
      budget: Budget(fileBytes: budgetFlash, ramBytes: budgetRam, macs: budgetMacs), share: shard,
      space: space.text, data: pictures.summary)
    let database = try SearchDatabase(folder.database)
    if let known = try database.settings() {
      if let difference = known.difference(from: settings) {
        throw Failure("\(output): holds a search with \(difference); take another --output")
      }
    } else {
      try database.write(settings)
    }
    try OutputFile.write(Data(space.text.utf8), to: folder.space)
    let runner = TrialRunner(
      settings, folder: folder, training: pictures.training, validation: pictures.validation,
      threads: threads)
    let run = SearchRun(
      settings: settings, space: space, trials: trials, database: database, runner: runner,
      input: pictures.training.shape, labelCount: pictures.training.labelNames.count)
    try run.finish()
  }
}
