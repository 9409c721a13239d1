import Crypto
import Foundation
import Testing

@testable import CLI

@Suite("Downloader")
struct DownloaderTests {
  private let folder: TemporaryFolder
  private let server: TestServer
  private let content = Data((0..<5000).map { UInt8($0 * 7 % 256) })
  private let file: RemoteFile

  init() throws {
    folder = try TemporaryFolder()
    let digest = SHA256.hash(data: content).map { String(format: "%02x", $0) }.joined()
    file = RemoteFile(name: "pictures", digest: digest)
    try folder.write(Gzip.packed(content), to: "web/good/pictures.gz")
    try folder.write(Gzip.packed(content), to: "web/cut/pictures.gz")
    try folder.write(content, to: "web/plain/pictures.gz")
    try folder.write(Gzip.packed(content + [1]), to: "web/wrong/pictures.gz")
    try folder.write(Gzip.packed(content).dropLast(9), to: "web/short/pictures.gz")
    server = try TestServer(serving: folder["web"])
  }

  private func download(_ mirrors: [String]) async throws {
    try await Downloader(files: [file], mirrors: mirrors).download(into: folder["to"])
  }

  /// The message of a download that must fail and leave nothing.
  private func refusal(_ mirror: String) async throws -> String {
    let error = await #expect(throws: Failure.self) { try await download([mirror]) }
    #expect(try folder.names("to") == [])
    return error?.description ?? ""
  }

  @Test(arguments: ["good/", "good", "plain/"])
  func `a file arrives unpacked`(mirror: String) async throws {
    try await download([server.address + mirror])
    #expect(try folder.bytes("to/pictures") == content)
    #expect(try folder.names("to") == ["pictures"])
  }

  @Test func `mirrors are tried in turn`() async throws {
    let names = ["none", "cut", "wrong", "short", "good"]
    try await download(["http://127.0.0.1:1/", "no address"] + names.map { server.address + $0 })
    #expect(try folder.bytes("to/pictures") == content)
  }

  @Test func `wrong bytes are refused with both digests`() async throws {
    let found = SHA256.hash(data: content + [1]).map { String(format: "%02x", $0) }.joined()
    let address = server.address + "wrong/pictures.gz"
    #expect(
      try await refusal(server.address + "wrong/")
        == "cannot download pictures: \(address): wrong content, SHA-256 \(found) "
        + "instead of \(file.digest)")
  }

  @Test func `a missing file gives the server's answer`() async throws {
    let address = server.address + "none/pictures.gz"
    #expect(
      try await refusal(server.address + "none/")
        == "cannot download pictures: \(address): the server answered 404")
  }

  @Test func `a connection that ends early leaves nothing`() async throws {
    #expect(try await refusal(server.address + "cut/").hasPrefix("cannot download pictures: "))
  }

  @Test func `a packed file cut short is refused`() async throws {
    let count = Gzip.packed(content).count - 9
    let address = server.address + "short/pictures.gz"
    #expect(
      try await refusal(server.address + "short/")
        == "cannot download pictures: \(address): gzip file cut short after \(count) bytes")
  }

  @Test func `nobody listening is one line`() async throws {
    let message = try await refusal("http://127.0.0.1:1/")
    #expect(message.hasPrefix("cannot download pictures: http://127.0.0.1:1/pictures.gz: "))
    #expect(!message.contains("\n"))
  }

  @Test func `what is there and right is not fetched again`() async throws {
    try folder.write(content, to: "to/pictures")
    try await download([])
    try folder.write(content.dropLast(), to: "to/pictures")
    await #expect(throws: Failure.self) { try await download([]) }
    try await download([server.address + "good/"])
    #expect(try folder.bytes("to/pictures") == content)
  }

  @Test func `a folder that can't be made is an error of its own`() async throws {
    let path = try folder.write(Data(), to: "f")
    await #expect(throws: FileError.notFolder(path: path)) {
      try await Downloader(files: [file], mirrors: []).download(into: path)
    }
  }

  @Test func `the environment names a mirror`() {
    #expect(Downloader(environment: [:]).mirrors == RemoteFile.mnistMirrors)
    let own = Downloader(environment: ["THIMBLE_MNIST_MIRROR": "http://m/"])
    #expect(own.mirrors == ["http://m/"])
  }
}
