import Foundation

/// The tool as it was built, beside the tests.
enum BuiltTool {
  /// What a run left.
  struct Outcome {
    var status: Int32
    var output: String
    var error: String
  }

  /// Runs it and waits.
  static func run(_ arguments: [String]) throws -> Outcome {
    let folder = Bundle.main.executableURL!.deletingLastPathComponent()
    let process = Process()
    let (output, error) = (Pipe(), Pipe())
    process.executableURL = folder.appendingPathComponent("thimble")
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = error
    try process.run()
    let text = [output, error].map { pipe in
      String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
    process.waitUntilExit()
    return Outcome(status: process.terminationStatus, output: text[0], error: text[1])
  }
}
