import Foundation

/// Runs a program to its end.
enum ChildProcess {
  /// Runs `program`, found in PATH, with no standard input.
  /// - Returns: its exit status and what it wrote, line by line.
  /// - Throws: `Failure` where it can't be started; `Interrupted` after Ctrl-C, the program ended.
  static func run(
    _ program: String, _ arguments: [String]
  ) throws -> (status: Int32, output: [String], errors: [String]) {
    let folder = FileManager.default.temporaryDirectory.path
    let unique = "\(getpid())-\(UInt64.random(in: 0...(.max)))"
    let paths = ["out", "err"].map { "\(folder)/thimble-\(unique).\($0)" }
    paths.forEach(TemporaryFiles.remember)
    defer {
      for path in paths {
        unlink(path)
        TemporaryFiles.forget(path)
      }
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardInput = FileHandle.nullDevice
    for path in paths { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: paths[0])
    process.standardError = FileHandle(forWritingAtPath: paths[1])
    do {
      try process.run()
    } catch { throw Failure("cannot start \(program): \(error.localizedDescription)") }
    try Interruption.polled {
      while process.isRunning {
        if Interruption.isRequested {
          end(process)
          throw Interrupted()
        }
        usleep(20_000)
      }
    }
    let texts = try paths.map { String(decoding: try InputFile.read($0), as: UTF8.self) }
    let lines = texts.map { $0.split(separator: "\n").map(String.init) }
    return (process.terminationStatus, lines[0], lines[1])
  }

  /// Ends a program and all that it started, which are a process group of their own. Make passes a request to terminate
  /// on only to its shells, which wait for what they run; asked itself, it removes what is half made.
  private static func end(_ process: Process) {
    let group = -process.processIdentifier
    kill(group, SIGTERM)
    for _ in 0..<100 where process.isRunning { usleep(20_000) }
    kill(group, SIGKILL)
    process.waitUntilExit()
  }
}
