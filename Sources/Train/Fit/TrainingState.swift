import Network

/// Everything a run needs to go on after an epoch as if it had never stopped.
public struct TrainingState: Sendable, Equatable {
  /// With the parameters as they were, not averaged.
  public private(set) var network: Network
  /// How the network is fitted.
  public private(set) var recipe: Recipe
  /// What everything random follows from.
  public private(set) var seed: UInt64
  /// The number of epochs done.
  public private(set) var epoch: Int
  /// The number of training pictures, which the schedule follows from.
  public internal(set) var pictureCount: Int
  /// The teacher's fingerprint, if there is one.
  let teacher: UInt64?
  /// The fingerprint of the network that the run began with, if that wasn't a fresh one.
  let start: UInt64?
  /// The best epoch so far, if the recipe keeps it and there is validation.
  public internal(set) var best: BestEpoch?
  /// What bytes cost, for a recipe with a budget of them.
  private(set) var bytePrice = BytePrice()
  /// The optimizer's moments and the moving average of the parameters, by the parameters' names;
  /// empty at epoch 0.
  private var moments: [Moment: [String: Tensor]]

  /// What is kept of each parameter besides its value, by the prefix of its name in a file.
  enum Moment: String, CaseIterable {
    case first = "first_moment"
    case second = "second_moment"
    case average
  }

  /// The state before the first epoch.
  init(network: Network, recipe: Recipe, seed: UInt64, start: Network?, teacher: Network?) {
    self.network = network
    self.start = start?.fingerprint
    self.recipe = recipe
    self.seed = seed
    self.teacher = teacher?.fingerprint
    epoch = 0
    pictureCount = 0
    moments = [:]
  }

  /// The network that a run gives which ends here: that of the best epoch if the recipe keeps it, with averaged weights if it
  /// averages, and without the channels that it took out.
  public var trained: Network {
    var trained = network
    if let best {
      trained.parameters = best.parameters
      trained.quantization = best.quantization
    } else if recipe.averageDecay > 0, let average = moments[.average] {
      trained.parameters = average
    }
    return recipe.channelSparsity > 0 ? trained.withoutZeroChannels : trained
  }

  /// Takes down how things are after an epoch.
  mutating func record(
    epoch: Int, network: Network, stepper: Stepper, layout: ParameterLayout, bytePrice: BytePrice
  ) {
    self.epoch = epoch
    self.network = network
    self.bytePrice = bytePrice
    for moment in Moment.allCases { moments[moment] = layout.tensors(stepper[moment].start) }
  }

  /// Puts the moments back.
  func restore(_ stepper: Stepper, _ layout: ParameterLayout) {
    for (moment, tensors) in moments { layout.load(tensors, into: stepper[moment].start) }
  }
}

/// The epoch that was right on most validation pictures, the first among equals.
public struct BestEpoch: Sendable, Equatable {
  /// Counted from 1.
  public let epoch: Int
  /// The number of validation pictures that were right.
  public let correct: Int
  /// The number of validation pictures.
  public let count: Int
  /// The parameters that are the result, by name.
  let parameters: [String: Tensor]
  /// The grids that they are for.
  let quantization: Quantization?

  /// The share of right answers.
  public var accuracy: Double { Double(correct) / Double(count) }
}

extension Stepper {
  /// One of the moments' memory.
  fileprivate subscript(moment: TrainingState.Moment) -> Memory<Float> {
    switch moment {
    case .first: first
    case .second: second
    case .average: average
    }
  }
}

extension TrainingState {
  private static let kind = "thimble training state"
  private static let bestKey = "best_epoch"
  private static let correctKey = "best_correct"
  private static let countKey = "validation_pictures"
  private static let bestPrefix = "best."
  private static let priceKey = "byte_price"
  private static let sizeKey = "weight_bytes"

  /// The state as a safetensors file.
  public var bytes: [UInt8] {
    var tensors = network.parameters
    tensors.merge(network.quantization?.tensors ?? [:]) { $1 }
    for (moment, values) in moments {
      for (name, tensor) in values { tensors["\(moment.rawValue).\(name)"] = tensor }
    }
    var metadata = [
      "kind": Self.kind, "network": network.text, "recipe": recipe.text, "seed": "\(seed)",
      "epoch": "\(epoch)", "pictures": "\(pictureCount)",
    ]
    if recipe.byteBudget > 0 {
      metadata[Self.priceKey] = "\(bytePrice.value)"
      metadata[Self.sizeKey] = bytePrice.byteCount.map { "\($0)" }
    }
    metadata["teacher"] = teacher.map { "\($0)" }
    metadata["start"] = start.map { "\($0)" }
    metadata[Quantization.key] = network.quantization?.text
    if let best {
      let kept = best.parameters.merging(best.quantization?.tensors ?? [:]) { $1 }
      for (name, tensor) in kept { tensors["\(Self.bestPrefix)\(name)"] = tensor }
      metadata[Self.bestKey] = "\(best.epoch)"
      metadata[Self.correctKey] = "\(best.correct)"
      metadata[Self.countKey] = "\(best.count)"
    }
    return Safetensors(tensors: tensors, metadata: metadata).bytes
  }

  /// Whether bytes say that they are a state.
  public static func isOne(_ bytes: [UInt8]) -> Bool {
    (try? Safetensors(bytes: bytes))?.metadata["kind"] == kind
  }

  /// Reads a state.
  /// - Throws: `CheckpointError` for bytes that are not one.
  public init(bytes: [UInt8]) throws(CheckpointError) {
    let file = try Safetensors(bytes: bytes)
    func entry(_ key: String) throws(CheckpointError) -> String {
      guard let value = file.metadata[key] else { throw .missingMetadata(key) }
      return value
    }
    func number<Number: FixedWidthInteger>(_ key: String) throws(CheckpointError) -> Number {
      let text = try entry(key)
      guard let value = Number(text), value >= 0 else {
        throw .metadata(key, reason: "expected a whole number from 0, found '\(text)'")
      }
      return value
    }
    guard try entry("kind") == Self.kind else {
      throw .metadata("kind", reason: "expected '\(Self.kind)', found '\(try entry("kind"))'")
    }
    seed = try number("seed")
    epoch = try number("epoch")
    pictureCount = try number("pictures")
    teacher = file.metadata["teacher"] == nil ? nil : try number("teacher")
    start = file.metadata["start"] == nil ? nil : try number("start")
    let recipeText = try entry("recipe")
    do throws(RecipeError) {
      recipe = try Recipe(text: recipeText)
    } catch { throw .metadata("recipe", reason: "\(error)") }
    if recipe.byteBudget > 0 {
      let text = try entry(Self.priceKey)
      let size: Int? = file.metadata[Self.sizeKey] == nil ? nil : try number(Self.sizeKey)
      guard let price = Double(text).flatMap({ BytePrice($0, byteCount: size) }) else {
        throw .metadata(Self.priceKey, reason: "'\(text)' for \(size ?? 0) bytes can't be")
      }
      bytePrice = price
    }
    network = try Network(checkpointText: try entry("network"))
    moments = [:]
    var expected = network.parameterShapes
    for moment in Moment.allCases where epoch > 0 {
      expected += network.parameterShapes.map {
        (name: "\(moment.rawValue).\($0.name)", parameter: $0.parameter)
      }
    }
    let hasBest = file.metadata[Self.bestKey] != nil
    if hasBest {
      expected += network.parameterShapes.map {
        (name: "\(Self.bestPrefix)\($0.name)", parameter: $0.parameter)
      }
    }
    var shapes = expected.map { (name: $0.name, shape: $0.parameter.shape) }
    if file.metadata[Quantization.key] != nil {
      shapes += Quantization.tensorShapes(in: file, of: network)
      if hasBest {
        shapes += Quantization.tensorShapes(in: file, of: network, prefix: Self.bestPrefix)
      }
    }
    try file.check(against: shapes)
    network.quantization = try Quantization.read(from: file, of: network)
    for (name, _) in network.parameterShapes {
      network.parameters[name] = file.tensors[name]
      for moment in Moment.allCases where epoch > 0 {
        moments[moment, default: [:]][name] = file.tensors["\(moment.rawValue).\(name)"]
      }
    }
    guard hasBest else { return }
    let correct: Int = try number(Self.correctKey)
    let count: Int = try number(Self.countKey)
    guard correct <= count, count > 0 else {
      throw .metadata(
        Self.correctKey, reason: "\(correct) right of \(count) validation pictures can't be")
    }
    var parameters: [String: Tensor] = [:]
    for (name, _) in network.parameterShapes {
      parameters[name] = file.tensors["\(Self.bestPrefix)\(name)"]
    }
    best = BestEpoch(
      epoch: try number(Self.bestKey), correct: correct, count: count, parameters: parameters,
      quantization: try Quantization.read(from: file, of: network, prefix: Self.bestPrefix))
  }
}
