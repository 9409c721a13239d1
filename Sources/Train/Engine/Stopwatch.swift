/// Adds up what layers take, forwards and backwards.
final class Stopwatch: @unchecked Sendable {
  /// By layer.
  private(set) var forward: [Duration]
  /// By layer.
  private(set) var backward: [Duration]
  private var last = ContinuousClock.now

  init(layers: Int) {
    forward = [Duration](repeating: .zero, count: layers)
    backward = forward
  }

  /// What comes next is timed from here.
  func start() { last = ContinuousClock.now }

  /// A layer's way forwards took what has passed since the last call.
  func note(forward layer: Int) { forward[layer] += lap() }

  /// A layer's way back took what has passed since the last call.
  func note(backward layer: Int) { backward[layer] += lap() }

  private func lap() -> Duration {
    let now = ContinuousClock.now
    defer { last = now }
    return now - last
  }
}
