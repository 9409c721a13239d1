import Network
import Train

/// What a trial tries: a network, how it is fitted, and what its weights become.
public struct Candidate: Hashable, Sendable {
  /// The trial's, from 1.
  public let number: Int
  /// A network text. The picture may be too small for it.
  public let network: String
  /// How it is fitted.
  public let recipe: Recipe
  /// What weights become.
  public let weights: WeightGrid
  /// The network in a few words.
  public let summary: String
}

extension SearchSpace {
  /// Draws the candidate of a trial. It follows from the space, the seed and the trial's number alone, so that whoever runs the trial
  /// needs to know of no other.
  /// - Parameters:
  ///   - number: from 1.
  ///   - seed: any.
  ///   - epochs: of the recipe, which is that of the last rung.
  ///   - input: the pictures' shape.
  ///   - labelCount: at least 1.
  /// - Returns: what the trial tries.
  public func candidate(
    _ number: Int, seed: UInt64, epochs: Int, input: Shape, labelCount: Int
  ) -> Candidate {
    let sampler = Sampler(space: self, seed: seed, number: number)
    let architecture = sampler.architecture()
    return Candidate(
      number: number, network: architecture.text(input: input, labelCount: labelCount),
      recipe: sampler.recipe(epochs: epochs), weights: sampler.value(.weights),
      summary: architecture.summary)
  }
}

/// Draws a trial's values. Each key has random numbers of its own, so that another key in the space changes nothing but that.
private struct Sampler {
  let space: SearchSpace
  let seed: UInt64
  let number: Int

  /// Apart from the trainer's streams, which begin with small numbers.
  private static let stream = 0x7365_6172_6368

  func architecture() -> Architecture {
    let count: Int = value(.blocks)
    let downsampling = downsampledBlocks(of: count + 1)
    let growth = Double(text(.growth)) ?? 1
    var width: Int = value(.width)
    var blocks: [Architecture.Block] = []
    for index in 0...count {
      blocks.append(
        Architecture.Block(
          kind: index == 0 ? .conv : value(.block, index),
          side: index == 0 ? value(.stem) : value(.kernel, index), width: width,
          downsampling: downsampling.contains(index) ? value(.downsampling, index) : nil))
      // The blocks behind it see fewer pixels, and may have more channels.
      if downsampling.contains(index) { width = grown(width, growth) }
    }
    return Architecture(
      blocks: blocks, padding: text(.padding), hasBatchNorm: text(.batchNorm) == "yes",
      activation: text(.activation), head: value(.head),
      dropout: Double(text(.dropout)) == 0 ? "0" : text(.dropout))
  }

  func recipe(epochs: Int) -> Recipe {
    // 8 bits lose next to nothing without; and an epoch in float comes first, as batch norms have to see pictures.
    let weights: WeightGrid = value(.weights)
    let quantizes = weights != .int8 && epochs > 1
    var lines = SpaceKey.recipe.compactMap { key in
      space.ranges[key.name] == nil || key.name == SpaceKey.quantizeFrom && !quantizes
        ? nil : "\(key.name) = \(text(key))\n"
    }
    if quantizes { lines.append("quantize = \(weights.rawValue)\n") }
    lines.append("epochs = \(epochs)\n")
    do throws(RecipeError) {
      return try Recipe(text: lines.joined())
    } catch { preconditionFailure("a space holds only what a recipe takes: \(error)") }
  }

  /// Which of `count` blocks halve the picture: any are as likely as any others.
  private func downsampledBlocks(of count: Int) -> Set<Int> {
    let wanted: Int = value(.downsamplings)
    var random = random(for: .downsamplings, 1)
    return Set(random.permutation(count).prefix(wanted).map(Int.init))
  }

  /// The next width: even, as kernels work on pairs of channels.
  private func grown(_ width: Int, _ growth: Double) -> Int {
    growth == 1 ? width : min(Int((Double(width) * growth / 2).rounded()) * 2, 1024)
  }

  func value(_ key: SpaceKey, _ index: Int = 0) -> Int {
    guard let value = Int(text(key, index)) else {
      preconditionFailure("\(key.name) is a whole number")
    }
    return value
  }

  func value<Word: RawRepresentable>(_ key: SpaceKey, _ index: Int = 0) -> Word
  where Word.RawValue == String {
    guard let value = Word(rawValue: text(key, index)) else {
      preconditionFailure("\(key.name) is \(key.expected)")
    }
    return value
  }

  /// A key's value; of a key that is drawn for each block, the block's at `index`.
  private func text(_ key: SpaceKey, _ index: Int = 0) -> String {
    guard let range = space.ranges[key.name] else {
      preconditionFailure("the space has \(key.name)")
    }
    var random = random(for: key, 2 + index)
    return range.draw(&random)
  }

  private func random(for key: SpaceKey, _ index: Int) -> SplitMix {
    // FNV-1a (Fowler, Noll and Vo, 1991) of the name.
    let name = key.name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    return SplitMix(seed: seed, Self.stream, number, Int(truncatingIfNeeded: name), index)
  }
}
