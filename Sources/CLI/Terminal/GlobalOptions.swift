import ArgumentParser

/// The options of every command.
struct GlobalOptions: ParsableArguments {
  /// Whether the result goes to standard output as JSON, and nothing else does.
  @Flag(name: .customLong("json"), help: "Print the result as one JSON object.")
  var isJSON = false
}
