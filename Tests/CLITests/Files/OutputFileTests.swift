import Foundation
import Testing

@testable import CLI

@Suite("Output file")
struct OutputFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a file appears whole, with nothing beside it`() throws {
    try OutputFile.write(Data("one".utf8), to: folder["f"])
    #expect(try folder.bytes("f") == Data("one".utf8))
    #expect(try folder.names() == ["f"])
  }

  @Test func `until commit the earlier file is untouched and the new one hidden`() throws {
    try folder.write(Data("old".utf8), to: "f")
    let file = try OutputFile(folder["f"])
    try file.append(Data("new ".utf8))
    try file.append(Data("bytes".utf8))
    #expect(try folder.bytes("f") == Data("old".utf8))
    #expect(try folder.names().allSatisfy { $0 == "f" || $0.hasPrefix(".thimble-") })
    try file.commit()
    #expect(try folder.bytes("f") == Data("new bytes".utf8))
    #expect(try folder.names() == ["f"])
  }

  @Test func `a file that is dropped leaves nothing`() throws {
    try folder.write(Data("old".utf8), to: "f")
    do {
      let file = try OutputFile(folder["f"])
      try file.append(Data("new".utf8))
      #expect(try folder.names().count == 2)
    }
    #expect(try folder.names() == ["f"])
    #expect(try folder.bytes("f") == Data("old".utf8))
  }

  @Test func `a missing parent folder is named`() throws {
    let path = folder["none/f"]
    #expect(throws: FileError.parentMissing(path: path, parent: folder["none"])) {
      try OutputFile(path)
    }
    try folder.write(Data(), to: "file")
    #expect(throws: FileError.parentMissing(path: folder["file/f"], parent: folder["file"])) {
      try OutputFile(folder["file/f"])
    }
  }

  @Test func `a folder is not written over`() {
    #expect(throws: FileError.isFolder(path: folder.path)) { try OutputFile(folder.path) }
  }

  @Test func `a full device is an error`() {
    let reason = SystemError(code: ENOSPC)
    #expect(throws: FileError.failed(doing: .writing, path: "/dev/full", reason: reason)) {
      try OutputFile.write(Data([1]), to: "/dev/full")
    }
  }

  @Test func `a device is written to, not replaced`() throws {
    try OutputFile.write(Data([1, 2, 3]), to: "/dev/null")
    var status = stat()
    stat("/dev/null", &status)
    #expect(status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test func `a link stays a link`() throws {
    try folder.write(Data("old".utf8), to: "real")
    symlink("real", folder["link"])
    try OutputFile.write(Data("new".utf8), to: folder["link"])
    #expect(try folder.bytes("real") == Data("new".utf8))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder["link"]) == "real")
  }

  @Test func `permissions of the earlier file stay`() throws {
    let path = try folder.write(Data(), to: "f")
    chmod(path, 0o640)
    try OutputFile.write(Data([1]), to: path)
    var status = stat()
    stat(path, &status)
    #expect(status.st_mode & 0o777 == 0o640)
  }

  @Test func `a name as long as the system allows is fine`() throws {
    let name = String(repeating: "n", count: 255)
    try OutputFile.write(Data([1]), to: folder[name])
    #expect(try folder.names() == [name])
  }

  @Test func `a full disk leaves the earlier file and nothing else`() throws {
    try SmallDisk.use(at: folder["disk"]) { disk in
      try OutputFile.write(Data("old".utf8), to: disk + "/f")
      let reason = SystemError(code: ENOSPC)
      #expect(throws: FileError.failed(doing: .writing, path: disk + "/f", reason: reason)) {
        try OutputFile.write(Data(count: 1 << 20), to: disk + "/f")
      }
      #expect(try folder.bytes("disk/f") == Data("old".utf8))
      #expect(try folder.names("disk") == ["f"])
    }
  }

  @Test func `an interrupted process removes its hidden file`() async throws {
    let path = try folder.write(Data("old".utf8), to: "f")
    await #expect(processExitsWith: .exitCode(130)) { [path = path as String] in
      signal(SIGINT, SIG_DFL)
      Interruption.listen()
      let file = try OutputFile(path)
      try file.append(Data("new".utf8))
      kill(getpid(), SIGINT)
      sleep(10)
    }
    #expect(try folder.bytes("f") == Data("old".utf8))
    #expect(try folder.names() == ["f"])
  }
}
