import ArgumentParser

/// The tool.
@main
struct Thimble: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "thimble",
    abstract: "Train, quantize, pack and run tiny neural networks.",
    version: "0.1.0")
}
