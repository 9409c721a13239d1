import ArgumentParser
import Foundation

/// How a run ends: the only place where errors become exit statuses.
struct ExitStatus: Hashable {
  /// The work is done.
  static let done: Int32 = 0
  /// The work was refused or failed.
  static let failed: Int32 = 1
  /// The command line is wrong.
  static let usage: Int32 = 64
  /// Ended by Ctrl-C or by a request to terminate.
  static let interrupted: Int32 = 130

  /// What the shell sees.
  let code: Int32
  /// Help or version, for standard output.
  var output = ""
  /// The line of an error, for standard error.
  var message = ""

  /// Judges what a command threw. `ArgumentParser` knows its own errors (help and version among them); any other is
  /// one line.
  init(_ error: any Error) {
    if error is Interrupted {
      code = Self.interrupted
      return
    }
    let judged = Thimble.exitCode(for: error).rawValue
    if judged == Self.done {
      code = Self.done
      output = Thimble.fullMessage(for: error)
    } else if let status = error as? ExitCode {
      code = status.rawValue
    } else if judged == Self.failed {
      code = Self.failed
      message = "thimble: error: \(Failure(String(describing: error)))"
    } else {
      code = Self.usage
      message = "thimble: " + Self.lowercasedPrefix(Thimble.fullMessage(for: error))
    }
  }

  /// Says it and ends the process. Of the processes of one launch, which all got the same command line, only the first
  /// says what is wrong with that.
  func end(_ launch: Launch = .own) -> Never {
    if launch.isQuiet, code == Self.done || code == Self.usage {
      launch.giveWay()
      exit(code)
    }
    let code = said()
    TemporaryFiles.removeAll()
    exit(code)
  }

  /// Says it.
  /// - Returns: the code, or that of a failure where there was no saying it.
  func said() -> Int32 {
    var code = code
    if !output.isEmpty && (try? StandardOutput.line(output)) == nil { code = Self.failed }
    if !message.isEmpty { StandardError.write(message + "\n") }
    return code
  }

  /// Every error starts with "error:", the parser's too.
  private static func lowercasedPrefix(_ text: String) -> String {
    text.hasPrefix("Error:") ? "error:" + text.dropFirst("Error:".count) : text
  }
}
