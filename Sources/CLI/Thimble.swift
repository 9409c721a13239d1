import ArgumentParser

/// The tool.
@main
struct Thimble: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "thimble",
    abstract: "Train, quantize, pack and run tiny neural networks.",
    version: "0.1.0",
    subcommands: [
      TrainCommand.self, SearchCommand.self, ReportCommand.self, ExportCommand.self,
      RunCommand.self, EvaluateCommand.self, InspectCommand.self, CompareCommand.self,
      BenchCommand.self, FirmwareCommand.self, DataCommand.self,
    ])

  /// Runs the command of the command line. Errors come here, and nowhere else, to become exit statuses.
  static func main() async {
    FileDescriptor.holdStandardPlaces()
    Interruption.listen()
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      ProgressBar.leaveTerminalClean()
      ExitStatus(error).end()
    }
  }
}
