import ArgumentParser
import Export
import Foundation
import Network
import Train

/// Fits a network.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Fit a network to pictures.",
    discussion: """
      Every twelfth training picture is held out for validation. After each epoch the state goes to \
      OUTPUT.state, from which --resume goes on, and a line to OUTPUT.state.history.jsonl. In the end \
      there are OUTPUT and OUTPUT.history.jsonl. docs/recipes.md has the keys of a recipe, \
      docs/cluster.md how several machines train together.

      Example: thimble train --data mnist --network small --output small.safetensors

      The same network for weights of 4 bits, with recipe lines as quantize = int4: \
      thimble train --data mnist --from small.safetensors --recipe int4.txt --output int4.safetensors
      """)

  @OptionGroup var global: GlobalOptions
  @Option(help: "The data folder; else THIMBLE_DATA.") var data: String?
  @Option(
    help: "A preset (\(Preset.allCases.map(\.rawValue).joined(separator: ", "))) or a text file.")
  var network: String?
  @Option(
    help: """
      A checkpoint to begin with, or the state of a run that was stopped, which also says the network; else weights are \
      drawn.
      """)
  var from: String?
  @Option(help: "A file of lines 'key = value'; those left out are the preset's.")
  var recipe: String?
  @Option(help: "How often to go over the pictures; 0 writes seeded weights and needs no data.")
  var epochs: Int?
  @Option(
    help: """
      What everything random follows from. Several, as 1,2,3, write OUTPUT-1, OUTPUT-2, ... and are \
      scored on the test set once, at the end.
      """)
  var seed = SeedList(1)
  @Option(help: "How many threads; it changes the time only.")
  var threads = min(ProcessInfo.processInfo.activeProcessorCount, 256)
  @Flag(help: "Go on after the last epoch of a run that was stopped.") var resume = false
  @Option(help: "Also write a page with curves, confusions, filters and errors, HTML.")
  var report: String?
  @Option(help: "The checkpoint to write, safetensors.") var output: String

  func validate() throws {
    guard (1...256).contains(threads) else {
      throw ValidationError("--threads takes a number from 1 to 256")
    }
    if let seed = seed.repeated {
      throw ValidationError("--seed takes each number once, found \(seed) twice")
    }
    if let epochs, epochs < 0 { throw ValidationError("--epochs takes a number from 0") }
    guard network != nil || from != nil else {
      throw ValidationError("--network or --from says what is trained")
    }
    if from != nil, epochs == 0 { throw ValidationError("--from needs epochs to go on with") }
    if report != nil, epochs == 0 { throw ValidationError("--report needs epochs to tell of") }
    if resume, epochs == 0 { throw ValidationError("--resume needs epochs to go on with") }
  }

  func run() throws { try Cluster.join(.own, train) }

  private func train(in cluster: Cluster) throws {
    let start = ContinuousClock.now
    var locks: [OutputLock] = []
    let fitting = try cluster.agree {
      try prepare(cluster, locks: &locks)
    } inputs: {
      try $0.inputs(seed)
    }
    guard cluster.isLeader else { return try cluster.follow(fitting.follow) }
    try withExtendedLifetime(locks) {
      try cluster.lead { try lead(fitting, since: start) }
    }
  }

  /// Reads everything that a rank needs.
  private func prepare(_ cluster: Cluster, locks: inout [OutputLock]) throws -> Fitting {
    let start = try networkSource()
    var recipe = try self.recipe.map { try readRecipe($0, base: start.recipe) } ?? start.recipe
    if let epochs { recipe.epochs = epochs }
    let quantization = try quantization(recipe, of: start.network)
    let teacher = try readTeacher(recipe)
    if recipe.epochs == 0, let wish = wish(recipe) {
      throw Failure("\(wish) needs epochs, and there are none")
    }
    let source = DataSource(environment: ProcessInfo.processInfo.environment)
    let folder = recipe.epochs > 0 ? try source.folder(option: data) : nil
    if cluster.isLeader {
      let written =
        (recipe.epochs > 0 ? outputs.flatMap(TrainingRun.files) : outputs)
        + (report.map { [$0] } ?? [])
      let read = [
        network.flatMap { Preset(rawValue: $0) == nil ? $0 : nil }, from, self.recipe,
        teacherPath(recipe),
      ]
      try FilePlace.requireApart(
        writing: written, reading: read.compactMap(\.self), data: folder)
      for path in written { try OutputFile.check(path) }
      if recipe.epochs > 0 { locks = try outputs.map { try OutputLock($0) } }
    }
    return Fitting(
      network: start.network, recipe: recipe, teacher: teacher, quantization: quantization,
      pictures: try folder.map { try readPictures($0, source.cache, start.network, cluster) },
      threads: threads, isOneOfMany: isList, cluster: cluster, command: command)
  }

  /// What is asked for and makes no sense without epochs.
  private func wish(_ recipe: Recipe) -> String? {
    if recipe.quantize != nil { return "quantize" }
    if recipe.sparsity > 0 { return "sparsity" }
    if recipe.channelSparsity > 0 { return "channel_sparsity" }
    return resume ? "--resume" : from != nil ? "--from" : report != nil ? "--report" : nil
  }

  private var isList: Bool { seed.seeds.count > 1 }

  private var outputs: [String] { seed.seeds.map { seed.output(of: $0, output) } }

  /// Fits and reports.
  private func lead(_ fitting: Fitting, since start: ContinuousClock.Instant) throws {
    let outputs = outputs
    try lookAtOutputs(fitting)
    let results = try zip(seed.seeds, outputs).map { seed, output in
      try fitting.checkpoint(seed: seed, output: output, resuming: resume)
    }
    let report = TrainingReport(
      network: network ?? fileName(from), epochs: fitting.recipe.epochs, results: results,
      testAccuracies: try fitting.testAccuracies(results),
      seconds: (ContinuousClock.now - start) / .seconds(1))
    if let page = self.report {
      let source = DataSource(environment: ProcessInfo.processInfo.environment)
      let subject = try ReportSubject(
        outputs, data: source.folder(option: data), source, model: nil, threads: threads)
      _ = try subject.write(to: page)
    }
    try report.write(isJSON: global.isJSON)
  }

  /// Says what becomes of what earlier runs left, before anything is trained.
  private func lookAtOutputs(_ fitting: Fitting) throws {
    guard fitting.recipe.epochs > 0 else { return }
    if resume {
      if isList, !outputs.contains(where: { fitting.hasBegun($0) }) {
        throw Failure("nothing to resume: \(outputs[0]).state does not exist, nor do the others")
      }
      for (seed, output) in zip(seed.seeds, outputs) where fitting.isFinished(output) {
        try fitting.finishedCheckpoint(seed: seed, output: output)
      }
      return
    }
    for output in outputs where TrainingRun.hasState(of: output) {
      StandardError.warn(
        "\(output).state is of a run that was stopped; this one, without --resume, replaces it")
    }
    for output in outputs
    where Folder.kind(of: output) == .file && Folder.holdsOrLacksFile(output) {
      StandardError.warn("\(output) is there already; this run replaces it when it is done")
    }
  }

  private func readPictures(
    _ folder: DataFolder, _ cache: CacheFolder, _ network: Network, _ cluster: Cluster
  ) throws -> Fitting.Pictures {
    let warn = { (warning: String) in if cluster.isLeader { StandardError.warn(warning) } }
    let loader = DatasetLoader(cache: cache, network: network, warn: warn)
    let (training, validation) = try loader.loadSplit(from: folder)
    if let labels = training.missingLabels {
      warn("\(folder.path): no training picture has \(labels)")
    }
    if let outputs = loader.labelCount, training.labelNames.count < outputs {
      warn(
        "\(folder.path): has labels \(training.labelNames.joined(separator: ", ")); the network tells "
          + "\(outputs) apart")
    }
    return Fitting.Pictures(
      training: training, validation: validation,
      test: isList && cluster.isLeader ? try loader.load(.test, from: folder) : nil)
  }

  /// The command that would make the same checkpoint, without the places of files.
  private func command(_ seed: UInt64) -> String {
    "thimble train" + (network.map { " --network \(fileName($0))" } ?? "")
      + (from.map { " --from \(fileName($0))" } ?? "")
      + (recipe.map { " --recipe \(fileName($0))" } ?? "")
      + (epochs.map { " --epochs \($0)" } ?? "") + " --seed \(seed)"
  }

  private func fileName(_ path: String?) -> String {
    ((path ?? "") as NSString).lastPathComponent
  }

  private func networkSource() throws -> NetworkSource {
    if let from { return try NetworkSource(from: from, network) }
    return try NetworkSource(network ?? "")
  }

  /// Where the network is put on grids, if the recipe wants that.
  private func quantization(_ recipe: Recipe, of network: Network) throws -> Quantization? {
    guard let choice = recipe.quantize else { return nil }
    do throws(ExportError) {
      return try Quantization(of: network, choosing: choice)
    } catch { throw Failure("\(self.recipe ?? "the recipe"): quantize: \(error)") }
  }

  private func readRecipe(_ path: String, base: Recipe) throws -> Recipe {
    let text = try InputFile.text(path)
    do throws(RecipeError) {
      return try Recipe(text: text, base: base)
    } catch { throw Failure("\(path): \(error)") }
  }

  /// Reads the recipe's teacher; a path that isn't absolute begins where the recipe lies.
  private func readTeacher(_ recipe: Recipe) throws -> Network? {
    try teacherPath(recipe).map { try NetworkFile.checkpoint($0).network }
  }

  private func teacherPath(_ recipe: Recipe) -> String? {
    guard !recipe.teacher.isEmpty, let file = self.recipe else { return nil }
    return recipe.teacher.hasPrefix("/")
      ? recipe.teacher
      : (Folder.parent(of: file) as NSString).appendingPathComponent(recipe.teacher)
  }
}
