import Synchronization
import Testing

@testable import CLI

@Suite("Progress bar")
struct ProgressBarTests {
  /// A terminal and a clock that only the test moves.
  private final class Screen: Sendable {
    private let state: Mutex<(text: [String], now: ContinuousClock.Instant)>

    init() { state = Mutex(([], ContinuousClock.now)) }

    var text: [String] { state.withLock { $0.text } }

    func wait(_ duration: Duration) { state.withLock { $0.now += duration } }

    func sink(width: Int = 100, isInteractive: Bool = true) -> ProgressBar.Sink {
      ProgressBar.Sink(
        isInteractive: isInteractive, width: { width },
        now: { self.state.withLock { $0.now } },
        write: { text in self.state.withLock { $0.text.append(text) } })
    }
  }

  @Test func `a line has all there is to say`() {
    let line = ProgressLine(
      label: "epoch 3/10", fraction: 0.6, detail: "loss 0.0421 acc 98.71 %",
      rate: "18,432 pictures/s", secondsLeft: 12)
    #expect(
      line.text(width: 80)
        == "epoch 3/10 [========>      ] loss 0.0421 acc 98.71 % 18,432 pictures/s 0:12 left")
  }

  @Test(arguments: 0...90)
  func `a line is never wider than the terminal`(width: Int) {
    let line = ProgressLine(
      label: "epoch 3/10", fraction: 0.5, detail: "loss 0.0421", secondsLeft: 3600)
    #expect(line.text(width: width).count <= width)
  }

  @Test(arguments: [
    (0, "[          ]"), (0.05, "[          ]"), (0.1, "[>         ]"), (0.5, "[====>     ]"),
    (1, "[==========]"), (7, "[==========]"), (-1, "[          ]"), (.nan, "[          ]"),
  ])
  func `the bar shows the share`(fraction: Double, bar: String) {
    #expect(ProgressLine(label: "x", fraction: fraction).text(width: 14) == "x " + bar)
  }

  @Test func `it redraws in place, not too often, and clears itself`() {
    let screen = Screen()
    do {
      let bar = ProgressBar("work", total: 100, unit: "pictures", sink: screen.sink(width: 60))
      screen.wait(.seconds(1))
      bar.update(10)
      bar.update(11)
      screen.wait(.milliseconds(99))
      bar.update(12)
      screen.wait(.milliseconds(901))
      bar.update(50, detail: "half")
    }
    #expect(
      screen.text == [
        "\r\u{1b}[Kwork [=>                          ] 10 pictures/s 0:09 left",
        "\r\u{1b}[Kwork [==========>            ] half 25 pictures/s 0:02 left", "\r\u{1b}[K",
      ])
  }

  @Test func `the rate leaves out what was done before`() {
    let screen = Screen()
    let bar = ProgressBar("w", total: 100, completed: 90, unit: "p", sink: screen.sink())
    screen.wait(.seconds(1))
    bar.update(95)
    #expect(screen.text.first?.hasSuffix("5 p/s 0:01 left") == true)
  }

  @Test func `without a terminal it is silent`() {
    let screen = Screen()
    do {
      let bar = ProgressBar("w", total: 1, sink: screen.sink(isInteractive: false))
      bar.update(1)
    }
    #expect(screen.text == [])
  }

  @Test(arguments: [0, -1])
  func `with nothing to do it is silent`(total: Int) {
    let screen = Screen()
    ProgressBar("w", total: total, sink: screen.sink()).update(1)
    #expect(screen.text == [])
  }
}
