import Dispatch
import Synchronization

/// Threads that share out numbered jobs.
final class Workers: Sendable {
  let count: Int
  private let next = Atomic<Int>(0)

  init(count: Int) { self.count = max(count, 1) }

  /// Runs `body(job, worker)` for every job in `0 ..< jobs`, and returns when all are done. Who
  /// runs which job is left to chance; jobs must not depend on it.
  func run(_ jobs: Int, _ body: @Sendable (_ job: Int, _ worker: Int) -> Void) {
    if count == 1 || jobs == 1 {
      for job in 0..<jobs { body(job, 0) }
      return
    }
    next.store(0, ordering: .relaxed)
    DispatchQueue.concurrentPerform(iterations: min(count, jobs)) { worker in
      while true {
        let job = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard job < jobs else { return }
        body(job, worker)
      }
    }
  }
}
