import Foundation
import Synchronization

/// Ctrl-C and requests to terminate.
///
/// Outside `polled` the first one ends the process at once. Inside, the first one asks: loops look at `isRequested`
/// or call `check()`, finish what they must, and the command exits with 130; the second one ends at once. Ending
/// removes the temporary files and leaves the terminal clean.
///
/// The signal handler writes one byte to a pipe, which is all that a handler may do safely; a thread of its own reads
/// it and acts. Programs that we start get the default handling back, as the system resets handlers on exec.
enum Interruption {
  private static let requests = Atomic<Int>(0)
  private static let pollers = Atomic<Int>(0)
  private static let pipeEnd = Atomic<Int32>(-1)

  /// Starts to listen; once, at the start of the process.
  static func listen() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let readingEnd = ends[0]
    pipeEnd.store(ends[1], ordering: .sequentiallyConsistent)
    Thread.detachNewThread { serve(readingEnd) }
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in
      let reason = errno
      var byte: UInt8 = 1
      _ = write(Interruption.pipeEnd.load(ordering: .relaxed), &byte, 1)
      errno = reason
    }
    action.sa_flags = SA_RESTART
    for signal in [SIGINT, SIGTERM] {
      var previous = sigaction()
      // A shell that starts us in the background may have them ignored; that stays.
      sigaction(signal, nil, &previous)
      if signal == SIGINT, isIgnored(previous) { continue }
      sigaction(signal, &action, nil)
    }
  }

  /// Whether someone asked the command to stop.
  static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

  /// Stops the work where someone asked for it.
  static func check() throws(Interrupted) {
    if isRequested { throw Interrupted() }
  }

  /// Runs `work`, which looks at `isRequested` often, at least once a second or so.
  static func polled<Result>(_ work: () throws -> Result) rethrows -> Result {
    pollers.add(1, ordering: .sequentiallyConsistent)
    defer { pollers.subtract(1, ordering: .sequentiallyConsistent) }
    return try work()
  }

  /// Runs `work`, which looks at `isRequested` often, at least once a second or so.
  static func polled<Result>(_ work: () async throws -> Result) async rethrows -> Result {
    pollers.add(1, ordering: .sequentiallyConsistent)
    defer { pollers.subtract(1, ordering: .sequentiallyConsistent) }
    return try await work()
  }

  /// Waits for signals, on a thread of its own.
  private static func serve(_ readingEnd: Int32) {
    var byte: UInt8 = 0
    while true {
      let count = read(readingEnd, &byte, 1)
      if count < 0 && errno == EINTR { continue }
      guard count == 1 else { return }
      let earlier = requests.add(1, ordering: .sequentiallyConsistent).oldValue
      if earlier > 0 || pollers.load(ordering: .sequentiallyConsistent) == 0 {
        TemporaryFiles.removeAll()
        ProgressBar.leaveTerminalClean()
        _exit(ExitStatus.interrupted)
      }
    }
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
