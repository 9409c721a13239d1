import Foundation
import Testing

@testable import CLI

@Suite("Unpacked file")
struct UnpackedFileTests {
  private let folder: TemporaryFolder
  private let files: UnpackedFile

  init() throws {
    folder = try TemporaryFolder()
    files = UnpackedFile(cache: CacheFolder(path: folder["cache"]))
  }

  private func cached() throws -> [String] { try folder.names("cache/unpacked") }

  @Test func `a plain file is mapped as it is`() throws {
    let path = try folder.write(Data("plain".utf8), to: "f")
    #expect(try files.map(path) == Data("plain".utf8))
    #expect(try folder.names() == ["f"])
  }

  @Test func `a packed file is unpacked once`() throws {
    let path = try folder.write(Gzip.packed(Data("packed".utf8)), to: "f.gz")
    #expect(try files.map(path) == Data("packed".utf8))
    let names = try cached()
    #expect(names.count == 1 && names[0].hasSuffix("-f"))
    // What is in the cache is what is used: same length, other bytes.
    try folder.write(Data("cached".utf8), to: "cache/unpacked/" + names[0])
    #expect(try files.map(path) == Data("cached".utf8))
    #expect(try cached() == names)
  }

  @Test func `a changed file is unpacked anew`() throws {
    let path = try folder.write(Gzip.packed(Data("first".utf8)), to: "f.gz")
    _ = try files.map(path)
    try folder.write(Gzip.packed(Data("second, longer".utf8)), to: "f.gz")
    #expect(try files.map(path) == Data("second, longer".utf8))
  }

  @Test func `a cached file of another length is not believed`() throws {
    let path = try folder.write(Gzip.packed(Data("packed".utf8)), to: "f.gz")
    _ = try files.map(path)
    try folder.write(Data("pack".utf8), to: "cache/unpacked/" + cached()[0])
    #expect(try files.map(path) == Data("packed".utf8))
  }

  @Test func `a damaged file is one line and leaves nothing in the cache`() throws {
    let packed = Gzip.packed(Data("packed".utf8))
    let path = try folder.write(packed.dropLast(3), to: "f.gz")
    let message = "\(path): gzip file cut short after \(packed.count - 3) bytes"
    #expect(throws: Failure(message)) { try files.map(path) }
    #expect(try cached() == [])
  }

  @Test func `a name that ends in gz and lies is refused`() throws {
    let path = try folder.write(Data("plain".utf8), to: "f.gz")
    #expect(throws: Failure("\(path): not a gzip file")) { try files.map(path) }
  }

  @Test func `without a cache it is unpacked in memory`() throws {
    try folder.write(Data(), to: "cache")
    let path = try folder.write(Gzip.packed(Data("packed".utf8)), to: "f.gz")
    #expect(try files.map(path) == Data("packed".utf8))
  }

  @Test func `a full cache disk means memory, too`() throws {
    try SmallDisk.use(at: folder["disk"]) { disk in
      let files = UnpackedFile(cache: CacheFolder(path: disk))
      let path = try folder.write(Gzip.packed(Data(count: 1 << 20)), to: "f.gz")
      #expect(try files.map(path) == Data(count: 1 << 20))
      #expect(try folder.names("disk/unpacked") == [])
    }
  }

  @Test func `a missing file is called missing`() {
    #expect(throws: FileError.missing(path: folder["x.gz"])) { try files.map(folder["x.gz"]) }
  }
}
