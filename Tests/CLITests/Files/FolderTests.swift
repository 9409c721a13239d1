import Foundation
import Testing

@testable import CLI

@Suite("Folder")
struct FolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `names are sorted by bytes, hidden ones left out`() throws {
    for name in ["b", "a", "10", "9", "B", ".hidden", "ä"] { try folder.write(Data(), to: name) }
    #expect(try Folder.names(in: folder.path) == ["10", "9", "B", "a", "b", "ä"])
  }

  @Test func `what isn't a folder has no names`() throws {
    let file = try folder.write(Data(), to: "f")
    #expect(throws: FileError.notFolder(path: file)) { try Folder.names(in: file) }
    #expect(throws: FileError.missing(path: folder["x"])) { try Folder.names(in: folder["x"]) }
  }

  @Test func `folders are made with those above them, twice if need be`() throws {
    for _ in 0..<2 { try Folder.make(folder["a/b/c"]) }
    #expect(Folder.kind(of: folder["a/b/c"]) == .folder)
  }

  @Test func `no folder is made in a file's place`() throws {
    let file = try folder.write(Data(), to: "f")
    #expect(throws: FileError.notFolder(path: file)) { try Folder.make(file) }
    let reason = SystemError(code: ENOTDIR)
    #expect(throws: FileError.failed(doing: .creating, path: file + "/g", reason: reason)) {
      try Folder.make(file + "/g")
    }
  }

  @Test func `kinds are told apart, links followed`() throws {
    try folder.write(Data(), to: "f")
    symlink("f", folder["l"])
    symlink("nowhere", folder["n"])
    let kinds = ["f", "l", "n", "x", ""].map { Folder.kind(of: folder[$0]) }
    #expect(kinds == [.file, .file, .nothing, .nothing, .folder])
  }

  @Test(arguments: [
    ("o", ""), ("out", ""), ("a/o", "a"), ("a/b/", "a"), ("./o", "."), ("/o", "/"), ("/", "/"),
    ("", ""),
  ])
  func `knows the folder that a path is in`(path: String, parent: String) {
    #expect(Folder.parent(of: path) == parent)
  }
}
