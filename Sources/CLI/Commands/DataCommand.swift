import ArgumentParser
import Foundation
import Network
import Train

/// Makes sure that there are pictures to learn from.
struct DataCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Find or fetch MNIST, else draw digits; print the folder.",
    discussion: """
      Looks in THIMBLE_DATA, then in the cache; else downloads MNIST into the cache; with no network it draws digits \
      by program and says so.

      Example: thimble data --pictures 5 --output digits
      """)

  @OptionGroup var global: GlobalOptions
  @Option(help: "Also write this many test pictures as PNG files into --output.")
  var pictures = 0
  @Option(help: "Where pictures, and digits drawn by program, are put.") var output: String?

  func validate() throws {
    guard pictures >= 0 else { throw ValidationError("--pictures takes a number from 0") }
    if pictures > 0, output == nil { throw ValidationError("--pictures needs --output") }
  }

  private struct Result: Encodable {
    var folder: String
    var origin: String
    var training: Int
    var test: Int
    var pictures: [String]
  }

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    let source = DataSource(environment: environment)
    let data = try await Interruption.polled {
      try await DemoData.load(source, downloader: Downloader(environment: environment))
    }
    if let output { try Folder.make(output) }
    let folder: String
    if let path = data.folder {
      folder = path
    } else {
      folder = output ?? source.cache.path(of: "drawn")
      try Folder.make(folder)
      try write(data.training, .training, into: folder)
      try write(data.test, .test, into: folder)
    }
    var paths: [String] = []
    if let output {
      for index in 0..<min(pictures, data.test.count) {
        let path = "\(output)/\(index)-\(data.test.labelNames[data.test.label(at: index)]).png"
        let picture = data.test.withPicture(at: index) {
          Picture(shape: data.test.shape, pixels: Array($0))
        }
        try OutputFile.write(PNGFormat.encode(picture), to: path)
        paths.append(path)
      }
    }
    StandardError.note("data: \(data.origin)")
    if global.isJSON {
      return try JSONOutput.write(
        Result(
          folder: folder, origin: data.origin, training: data.training.count,
          test: data.test.count, pictures: paths))
    }
    try StandardOutput.line(folder)
  }

  /// Writes a set as IDX files.
  private func write(_ dataset: Dataset, _ part: DataPart, into folder: String) throws {
    let (pictures, labels) = IDX.files(of: dataset)
    try OutputFile.write(
      pictures, to: folder + "/" + DataFolder.idxNames(part, "images-idx3-ubyte")[0])
    try OutputFile.write(
      labels, to: folder + "/" + DataFolder.idxNames(part, "labels-idx1-ubyte")[0])
  }
}
