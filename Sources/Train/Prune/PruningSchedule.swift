/// How much is pruned over a run: nothing before it begins, then ever less at a time, as M. Zhu and S. Gupta 2017
/// (arXiv:1710.01878) have it in their equation 1, from 0 on.
struct PruningSchedule {
  /// Steps from one look at the weights to the next.
  private static let interval = 32

  /// What is pruned in the end, as a share.
  let goal: Double
  private let first: Int
  /// The step from which on the goal is reached.
  let last: Int

  /// The schedule of a run with so many batches an epoch.
  init(goal: Float, of recipe: Recipe, batches: Int) {
    self.goal = Double(goal)
    let steps = recipe.epochs * batches
    // A short run may have no step so late.
    let step = { (share: Float) in min(Int((share * Float(steps)).rounded()), steps - 1) }
    first = step(recipe.pruneFrom)
    last = step(recipe.pruneUntil)
  }

  /// The share of the goal that is to be reached by a step, in 0 ... 1.
  func progress(at step: Int) -> Double {
    guard step < last else { return 1 }
    guard step > first else { return 0 }
    let left = 1 - Double(step - first) / Double(last - first)
    return 1 - left * left * left
  }

  /// The share of all that is to be gone by a step.
  func share(at step: Int) -> Double { goal * progress(at: step) }

  /// Whether weights are looked at before a step, which is the so manyth of its epoch: every so often; where an epoch
  /// begins, so that a run that is resumed there goes on as it would have; and where the goal is to be reached.
  func looks(at step: Int, batch: Int) -> Bool {
    batch % Self.interval == 0 || step == last
  }
}
