import Foundation
import Testing

@testable import CLI

@Suite("Input file")
struct InputFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [0, 1, 4095, 4096, 4097, 200_000])
  func `reading and mapping give the file's bytes`(count: Int) throws {
    let bytes = Data((0..<count).map { UInt8($0 % 251) })
    let path = try folder.write(bytes, to: "f")
    #expect(try InputFile.read(path) == bytes)
    #expect(try InputFile.map(path) == bytes)
  }

  @Test func `a text comes without its byte order mark`() throws {
    let path = try folder.write(Data("\u{FEFF}a = 1\n\u{FEFF}".utf8), to: "f")
    #expect(try InputFile.text(path) == "a = 1\n\u{FEFF}")
    #expect(try InputFile.text(folder.write(Data(), to: "e")).isEmpty)
  }

  @Test func `mapped bytes outlive the file's name and its replacement`() throws {
    let path = try folder.write(Data("old".utf8), to: "f")
    let mapped = try InputFile.map(path)
    try OutputFile.write(Data("newer".utf8), to: path)
    #expect(mapped == Data("old".utf8))
    try FileManager.default.removeItem(atPath: path)
    #expect(mapped == Data("old".utf8))
  }

  @Test func `a missing file is called missing`() {
    for path in [folder["none"], folder["none/deeper"], ""] {
      #expect(throws: FileError.missing(path: path)) { try InputFile.read(path) }
      #expect(throws: FileError.missing(path: path)) { try InputFile.map(path) }
    }
  }

  @Test func `a folder is called a folder`() {
    #expect(throws: FileError.isFolder(path: folder.path)) { try InputFile.read(folder.path) }
    #expect(throws: FileError.isFolder(path: folder.path)) { try InputFile.map(folder.path) }
  }

  @Test func `a file in a file's place gives the system's reason`() throws {
    let path = try folder.write(Data(), to: "f") + "/below"
    let reason = SystemError(code: ENOTDIR)
    #expect(throws: FileError.failed(doing: .reading, path: path, reason: reason)) {
      try InputFile.read(path)
    }
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser may read everything"))
  func `a file without permission gives the system's reason`() throws {
    let path = try folder.write(Data([1]), to: "f")
    chmod(path, 0)
    let reason = SystemError(code: EACCES)
    #expect(throws: FileError.failed(doing: .reading, path: path, reason: reason)) {
      try InputFile.read(path)
    }
  }

  @Test func `what isn't a regular file is read`() throws {
    #expect(try InputFile.map("/dev/null") == Data())
  }

  @Test func `what has no end is refused`() {
    let reason = SystemError(code: EFBIG)
    #expect(throws: FileError.failed(doing: .reading, path: "/dev/zero", reason: reason)) {
      try InputFile.read("/dev/zero")
    }
  }

  @Test func `errors are one line that names the path`() {
    let errors: [FileError] = [
      .missing(path: "p"), .isFolder(path: "p"), .notFolder(path: "p"),
      .parentMissing(path: "p", parent: "q"),
      .failed(doing: .reading, path: "p", reason: SystemError(code: EACCES)),
      .notText(folder: "p", name: "q"),
    ]
    #expect(
      errors.map(\.description) == [
        "p: no such file or folder", "p: is a folder, a file is needed",
        "p: is a file, a folder is needed", "cannot write p: no folder q",
        "cannot read p: Permission denied", "p: the name 'q' is not UTF-8",
      ])
  }
}
