import Foundation
import Synchronization

/// A line on standard error that says how far the work is, redrawn in place. Where standard error isn't a terminal it
/// does nothing. It may be updated from any thread, as often as one likes.
final class ProgressBar: Sendable {
  /// Redrawing more often than this tells nobody anything.
  private static let interval = Duration.milliseconds(100)
  /// Goes to the line's start and clears it.
  private static let clearing = "\r\u{1b}[K"
  /// Whether a bar is on the screen.
  private static let isShown = Atomic<Bool>(false)

  private struct State {
    var start: ContinuousClock.Instant
    var firstCompleted: Int
    var drawn: ContinuousClock.Instant?
  }

  private let label: String
  private let total: Int
  private let unit: String
  private let sink: Sink
  private let state: Mutex<State>

  /// Where a bar is drawn and what time it is there.
  struct Sink: Sendable {
    /// Whether there is anything to draw on.
    var isInteractive: Bool
    /// The number of columns now.
    var width: @Sendable () -> Int
    /// The time now.
    var now: @Sendable () -> ContinuousClock.Instant
    /// Writes text as it is.
    var write: @Sendable (String) -> Void

    /// Standard error, as it really is.
    static let standardError = Sink(
      isInteractive: Terminal.error.isInteractive, width: { Terminal.error.width },
      now: { ContinuousClock.now }, write: { StandardError.write($0) })
  }

  /// Starts a bar, which shows at the first `update`.
  /// - Parameters:
  ///   - label: What is going on, such as `epoch 3/10`.
  ///   - total: How many there are to do; at least 1 to be drawn.
  ///   - completed: How many of them were done before the bar started; the rate leaves them out.
  ///   - unit: What is counted, such as `pictures`; empty for no rate.
  ///   - sink: Where to draw.
  init(
    _ label: String, total: Int, completed: Int = 0, unit: String = "",
    sink: Sink = .standardError
  ) {
    self.label = label
    self.total = total
    self.unit = unit
    self.sink = sink
    state = Mutex(State(start: sink.now(), firstCompleted: completed))
  }

  /// Says how far the work is.
  /// - Parameters:
  ///   - completed: How many of `total` are done.
  ///   - detail: What else there is to say, such as `loss 0.0421`; made only when it is drawn.
  func update(_ completed: Int, detail: @autoclosure () -> String = "") {
    guard sink.isInteractive, total > 0 else { return }
    state.withLock { state in
      let now = sink.now()
      if let drawn = state.drawn, now - drawn < Self.interval { return }
      state.drawn = now
      let seconds = (now - state.start) / .seconds(1)
      let rate = Double(completed - state.firstCompleted) / seconds
      let isKnown = rate.isFinite && rate > 0
      let line = ProgressLine(
        label: label, fraction: Double(completed) / Double(total), detail: detail(),
        rate: isKnown && !unit.isEmpty ? "\(NumberFormat.decimal(rate, places: 0)) \(unit)/s" : "",
        secondsLeft: isKnown ? Double(total - completed) / rate : nil)
      Self.isShown.store(true, ordering: .relaxed)
      // The last column stays free: some terminals wrap when it is written.
      sink.write(Self.clearing + line.text(width: sink.width() - 1))
    }
  }

  /// Clears the line, so that what is printed next starts on a clean one. The next `update` draws at once.
  func clear() {
    guard sink.isInteractive else { return }
    state.withLock { state in
      guard state.drawn != nil else { return }
      state.drawn = nil
      Self.isShown.store(false, ordering: .relaxed)
      sink.write(Self.clearing)
    }
  }

  /// Clears the line of whatever bar is shown, when the process ends in the middle of work.
  static func leaveTerminalClean() {
    if isShown.exchange(false, ordering: .relaxed) { StandardError.write(clearing) }
  }

  deinit { clear() }
}
