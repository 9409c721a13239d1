import Foundation
import Network
import Testing

@testable import Train

/// Runs with every part of a recipe at once, a teacher among them.
@Suite struct WholeRecipeTests {
  /// Everything at once that a run's state could forget.
  private static func fullRecipe(epochs: Int = 3) -> Recipe {
    var recipe = TrainerTests.recipe(epochs: epochs)
    recipe.optimizer = .nesterov
    recipe.learningRate = 0.1
    recipe.gradientClip = 0.5
    recipe.augmentation.erase = 0.5
    recipe.mixup = 0.3
    recipe.teacher = "teacher.safetensors"
    recipe.keep = .best
    return recipe
  }

  /// A network trained on the bars.
  private static func teacher() throws -> Network {
    let trainer = Trainer(
      network: try Network(text: "input 6x5x1\ndense 4"), recipe: TrainerTests.recipe(epochs: 6),
      seed: 9,
      threads: 1)
    try trainer.run(training: barDataset(count: 400, seed: 5))
    return trainer.network
  }

  private func fullTrainer(seed: UInt64 = 1, threads: Int = 1, epochs: Int = 3) throws -> Trainer {
    Trainer(
      network: try Network(text: barNetworkText), recipe: Self.fullRecipe(epochs: epochs),
      seed: seed, threads: threads, teacher: try Self.teacher())
  }

  @Test(
    "any number of threads gives the same state, bit for bit, with every part of a recipe",
    arguments: [2, 4])
  func threadsOfEverything(count: Int) throws {
    try SameRun.onThreads(count) { try fullTrainer(threads: $0) }
  }

  @Test(
    "resumed from bytes, a run with every part of a recipe ends in the same state",
    arguments: [0, 1, 2])
  func resumeEverything(after epochs: Int) throws {
    let state = try SameRun.resumed(after: epochs) {
      try fullTrainer()
    } _: {
      try Trainer(
        resuming: $0, network: Network(text: barNetworkText), recipe: Self.fullRecipe(), seed: 1,
        threads: 2, teacher: Self.teacher())
    }
    #expect((state.best == nil) == (epochs == 0))
  }

  @Test("mixed, varied and taught, a network still learns")
  func learnsEverything() throws {
    let trainer = try fullTrainer(epochs: 12)
    try trainer.run(
      training: barDataset(count: 400, seed: 1), validation: barDataset(count: 60, seed: 3))
    let other = try barDataset(count: 100, seed: 2)
    #expect(try Evaluation(of: trainer.network, on: other, threads: 2).accuracy > 0.9)
  }

  @Test("taught alone, a network learns labels that its pictures don't have")
  func taught() throws {
    // Every picture says label 0; only the teacher knows better.
    let bars = try barDataset(count: 400, seed: 1)
    let pixels = Data(
      (0..<bars.count).flatMap { index in bars.withPicture(at: index) { Array($0) } })
    let mute = try Dataset(
      shape: bars.shape, pixels: pixels, labels: [UInt8](repeating: 0, count: bars.count),
      labelNames: bars.labelNames)
    var recipe = Recipe()
    recipe.epochs = 8
    recipe.batch = 40
    recipe.learningRate = 0.02
    recipe.teacher = "teacher.safetensors"
    recipe.teacherWeight = 1
    recipe.temperature = 2
    let trainer = Trainer(
      network: try Network(text: barNetworkText), recipe: recipe, seed: 1, threads: 1,
      teacher: try Self.teacher())
    try trainer.run(training: mute)
    let other = try barDataset(count: 100, seed: 2)
    #expect(try Evaluation(of: trainer.network, on: other, threads: 1).accuracy > 0.9)
  }

  @Test("a teacher that doesn't fit is refused")
  func otherTeachers() throws {
    let dataset = try barDataset(count: 80, seed: 1)
    let network = try Network(text: barNetworkText)
    let recipe = Self.fullRecipe(epochs: 1)
    let cases: [(String?, TrainingError)] = [
      (nil, .noTeacher),
      (
        "input 6x6x1\ndense 4",
        .teacherShape(expected: network.input, found: Shape(height: 6, width: 6, channels: 1))
      ),
      ("input 6x5x1\ndense 3", .teacherLabels(expected: 4, found: 3)),
    ]
    for (text, error) in cases {
      let teacher = try text.map { try sampleNetwork($0, seed: 1) }
      let trainer = Trainer(
        network: network, recipe: recipe, seed: 1, threads: 1, teacher: teacher)
      #expect(throws: error) { try trainer.run(training: dataset) }
    }
    let trainer = try fullTrainer(epochs: 1)
    try trainer.run(training: dataset)
    let other = try sampleNetwork("input 6x5x1\ndense 4", seed: 2)
    #expect(
      throws: TrainingError.otherRun(
        what: "teacher", expected: "fingerprint \(other.fingerprint)",
        found: "fingerprint \(try Self.teacher().fingerprint)")
    ) {
      try Trainer(
        resuming: trainer.state, network: network, recipe: recipe, seed: 1, threads: 1,
        teacher: other)
    }
  }
}
