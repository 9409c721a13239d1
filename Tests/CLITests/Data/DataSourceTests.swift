import Foundation
import Testing

@testable import CLI

@Suite("Data source")
struct DataSourceTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func source(_ environment: [String: String] = [:]) -> DataSource {
    DataSource(
      environment: environment.merging(["THIMBLE_CACHE": folder["cache"]]) { own, _ in own })
  }

  private func writeIDX(to name: String) throws {
    for (file, bytes) in SmallIDX.mnistLike { try folder.write(bytes, to: "\(name)/\(file)") }
  }

  @Test func `the option comes first, then the environment, then what was downloaded`() throws {
    for name in ["option", "named/mnist", "cache/mnist"] { try writeIDX(to: name) }
    let named = source(["THIMBLE_DATA": folder["named"]])
    #expect(try named.folder(option: folder["option"]).path == folder["option"])
    #expect(try named.folder(option: nil).layout == .idx(folder["named/mnist"]))
    #expect(try source().folder(option: nil).path == folder["cache/mnist"])
    let empty = source(["THIMBLE_DATA": ""])
    #expect(try empty.folder(option: nil).path == folder["cache/mnist"])
  }

  @Test func `a named folder that is wrong is not passed over`() throws {
    try writeIDX(to: "cache/mnist")
    let named = source(["THIMBLE_DATA": folder["none"]])
    #expect(throws: FileError.missing(path: folder["none"])) { try named.folder(option: nil) }
  }

  @Test func `no data anywhere names the places`() {
    let message =
      "no data: --data is not given, THIMBLE_DATA is not set, and \(folder["cache/mnist"]) "
      + "does not exist"
    #expect(throws: Failure(message)) { try source().folder(option: nil) }
  }

  @Test func `a demo without a network draws digits and says so`() async throws {
    var said: [String] = []
    let downloader = Downloader(mirrors: ["http://127.0.0.1:1/"])
    let demo = try await DemoData.load(
      source(), downloader: downloader, generatedCount: 50
    ) { said.append($0) }
    #expect(demo.training.count == 50)
    #expect(demo.test.count == 5)
    #expect(demo.origin == "digits drawn by program, not handwriting")
    #expect(said.count == 2)
    #expect(said.last == "MNIST is not to be had, so this run uses digits drawn by program")
  }

  @Test func `a demo takes what is there`() async throws {
    try writeIDX(to: "cache/mnist")
    let downloader = Downloader(mirrors: [])
    let demo = try await DemoData.load(source(), downloader: downloader) { _ in }
    #expect(demo.origin == "MNIST")
    #expect(demo.training.count == 24)
    try writeIDX(to: "named")
    let named = source(["THIMBLE_DATA": folder["named"]])
    let other = try await DemoData.load(named, downloader: downloader) { _ in }
    #expect(other.origin == "the data in \(folder["named"])")
  }
}
