import Foundation
import Testing

@testable import CLI

@Suite("Interruption")
struct InterruptionTests {
  @Test func `work that doesn't look ends at once with 130`() async {
    await #expect(processExitsWith: .exitCode(130)) {
      Interruption.listen()
      kill(getpid(), SIGTERM)
      sleep(10)
    }
  }

  @Test func `work that looks stops by itself`() async {
    await #expect(processExitsWith: .exitCode(7)) {
      Interruption.listen()
      do {
        try Interruption.polled {
          kill(getpid(), SIGTERM)
          for _ in 0..<10_000 {
            try Interruption.check()
            usleep(1000)
          }
        }
      } catch is Interrupted {
        exit(Interruption.isRequested ? 7 : 8)
      }
    }
  }

  @Test func `the second request ends at once`() async {
    await #expect(processExitsWith: .exitCode(130)) {
      Interruption.listen()
      Interruption.polled {
        kill(getpid(), SIGTERM)
        while !Interruption.isRequested { usleep(1000) }
        kill(getpid(), SIGTERM)
        sleep(10)
      }
    }
  }

  @Test func `the error of interrupted work ends with 130`() async {
    await #expect(processExitsWith: .exitCode(130)) { ExitStatus(Interrupted()).end() }
  }

  @Test func `nobody asked`() throws {
    #expect(!Interruption.isRequested)
    try Interruption.check()
  }
}
