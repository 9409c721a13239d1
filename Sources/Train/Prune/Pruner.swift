import Network

/// Says which parameters are 0, more of them from step to step.
final class Pruner {
  /// By parameter: 0 for one that is gone, 1 for all others.
  let mask: Memory<Float>
  /// The share of units that are gone.
  private(set) var share = 0.0
  private let units: any PruningUnits
  private let schedule: PruningSchedule

  /// The pruner of a run with so many batches an epoch; nil where the recipe prunes nothing.
  /// - Throws: `TrainingError.noChannels`.
  init?(
    _ recipe: Recipe, _ network: Network, _ layout: ParameterLayout, batches: Int
  ) throws(TrainingError) {
    if recipe.sparsity > 0 {
      units = WeightUnits(network, layout)
      schedule = PruningSchedule(goal: recipe.sparsity, of: recipe, batches: batches)
    } else if recipe.channelSparsity > 0 {
      let channels = ChannelUnits(network, layout)
      guard !channels.isEmpty else { throw .noChannels }
      units = channels
      schedule = PruningSchedule(goal: recipe.channelSparsity, of: recipe, batches: batches)
    } else {
      return nil
    }
    mask = Memory(count: layout.count.roundedUpToBorder)
    mask.start.update(repeating: 1, count: mask.count)
  }

  /// Chooses anew if it is time to, before a step, which is the so manyth of its epoch. What is gone is the smallest there
  /// is, and so stays gone.
  func look(at parameters: UnsafePointer<Float>, step: Int, batch: Int) {
    guard schedule.looks(at: step, batch: batch) else { return }
    let squares = units.squares(parameters)
    let unitCount = squares.reduce(0) { $0 + $1.count }
    // Every layer keeps one.
    let wanted = Int((schedule.share(at: step) * Double(unitCount)).rounded())
    let count = min(wanted, unitCount - squares.count)
    mask.start.update(repeating: 1, count: mask.count)
    for unit in LayerAdaptiveMagnitude.smallest(count, ofLayers: squares) {
      for place in units.places(of: unit) { mask.start[place] = 0 }
    }
    share = Double(count) / Double(unitCount)
  }

  /// Whether the goal was reached before a step.
  func isDone(before step: Int) -> Bool { step > schedule.last }
}
