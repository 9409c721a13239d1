import Foundation

/// The tool as it was built, beside the tests.
enum BuiltTool {
  /// What a run left.
  struct Outcome {
    var status: Int32
    var output: String
    var error: String

    /// The one JSON object on standard output.
    func json() throws -> [String: Any] {
      let object = try JSONSerialization.jsonObject(with: Data(output.utf8))
      return object as? [String: Any] ?? [:]
    }

    /// The error, which is one line.
    var errorLine: String {
      let lines = error.split(separator: "\n").filter { $0.hasPrefix("thimble: error: ") }
      return lines.count == 1 ? String(lines[0].dropFirst("thimble: error: ".count)) : error
    }
  }

  /// Where it is.
  static var path: String {
    Bundle.main.executableURL!.deletingLastPathComponent().appendingPathComponent("thimble").path
  }

  /// Runs it, with these variables set besides the test's own, and waits. A launcher is a program with arguments, to
  /// which the tool and its own are added.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], launcher: [String] = []
  ) throws -> Outcome {
    let process = Process()
    let (output, error) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = launcher + [path] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = output
    process.standardError = error
    try process.run()
    let text = [output, error].map { pipe in
      String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
    process.waitUntilExit()
    return Outcome(status: process.terminationStatus, output: text[0], error: text[1])
  }

  /// Runs it, and sends it an interrupt, or another signal, once its standard error holds `text`; it, or the process that
  /// `victim` chooses.
  static func run(
    _ arguments: [String], interruptedAfter text: String, by signal: Int32 = SIGINT,
    launcher: [String] = [], victim: (Int32) -> Int32 = { $0 }
  ) throws -> Outcome {
    let (process, output, error) = try startUnblocked(arguments, launcher: launcher)
    var told = ""
    while !told.contains(text) {
      let bytes = error.fileHandleForReading.availableData
      if bytes.isEmpty { break }
      told += String(decoding: bytes, as: UTF8.self)
    }
    kill(victim(process.processIdentifier), signal)
    return outcome(of: process, output, error, told: told)
  }

  /// Runs it, and sends it an interrupt, or another signal, once `condition` holds; after a minute in any case.
  static func run(
    _ arguments: [String], by signal: Int32 = SIGINT, interruptedWhen condition: () -> Bool
  ) throws -> Outcome {
    let (process, output, error) = try startUnblocked(arguments)
    var waited = 0
    while !condition(), process.isRunning, waited < 6_000 {
      usleep(10_000)
      waited += 1
    }
    kill(process.processIdentifier, signal)
    return outcome(of: process, output, error, told: "")
  }

  /// Starts it through a program that takes back the signal mask that a test's thread would leave it.
  private static func startUnblocked(
    _ arguments: [String], launcher: [String] = []
  ) throws -> (Process, Pipe, Pipe) {
    let unblock =
      "import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []); "
      + "signal.signal(signal.SIGINT, signal.SIG_DFL); os.execvp(sys.argv[1], sys.argv[1:])"
    let process = Process()
    let (output, error) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", unblock] + launcher + [path] + arguments
    process.standardOutput = output
    process.standardError = error
    try process.run()
    return (process, output, error)
  }

  private static func outcome(
    of process: Process, _ output: Pipe, _ error: Pipe, told: String
  ) -> Outcome {
    let rest = error.fileHandleForReading.readDataToEndOfFile()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: text,
      error: told + String(decoding: rest, as: UTF8.self))
  }
}
