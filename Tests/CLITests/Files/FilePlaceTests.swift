import Foundation
import Testing

@testable import CLI

@Suite("Places of files") struct FilePlaceTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Data([1]), to: "net")
    try FileManager.default.createSymbolicLink(
      atPath: folder["link"], withDestinationPath: folder["net"])
  }

  @Test func `one file has one place, whatever it is called`() {
    let place = FilePlace(folder["net"])
    #expect(FilePlace(folder["link"]) == place)
    #expect(FilePlace(folder["./net"]) == place)
    #expect(FilePlace(folder["other"]) != place)
    #expect(FilePlace(folder["./new"]) == FilePlace(folder["new"]))
  }

  @Test func `what is read or written already isn't replaced`() throws {
    #expect(
      throws: Failure("\(folder["link"]): would replace \(folder["net"]), which is read")
    ) {
      try FilePlace.requireApart(writing: [folder["link"]], reading: [folder["net"]])
    }
    #expect(
      throws: Failure("\(folder["./new"]): would replace \(folder["new"]), which is written, too")
    ) {
      try FilePlace.requireApart(writing: [folder["new"], folder["./new"]], reading: [])
    }
    try FilePlace.requireApart(
      writing: ["/dev/null", "/dev/null", folder["new"]], reading: [folder["net"], "/dev/null"])
  }

  @Test func `data that is read isn't replaced`() throws {
    for (file, bytes) in SmallIDX.mnistLike { try folder.write(bytes, to: "d/\(file)") }
    for name in ["p/train/a/1.png", "p/train/b/1.png", "p/test/a/1.png", "l/a/1.png"] {
      try folder.write(Data([1]), to: name)
    }
    for (data, file) in [
      ("d", "d/t10k-labels-idx1-ubyte"), ("d", "d/train-images-idx3-ubyte"),
      ("p", "p/test/a/1.png"), ("l", "l/a/1.png"),
    ] {
      let path = folder[file]
      #expect(throws: Failure("\(path): would replace \(path), which is read")) {
        try FilePlace.requireApart(
          writing: [path], reading: [], data: try DataFolder(folder[data]))
      }
      try FilePlace.requireApart(
        writing: [folder["net"], folder["\(data)/new"]], reading: [],
        data: try DataFolder(folder[data]))
    }
  }

  @Test func `data is no reason to stop where a part of it isn't right`() throws {
    for name in ["p/train/a/1.png", "p/test/a/none"] { try folder.write(Data([1]), to: name) }
    let data = try DataFolder(folder["p"])
    try FilePlace.requireApart(writing: [folder["net"]], reading: [], data: data)
    let path = folder["p/train/a/1.png"]
    #expect(throws: Failure("\(path): would replace \(path), which is read")) {
      try FilePlace.requireApart(writing: [path], reading: [], data: data)
    }
  }

  @Test func `all names of a file have one lock`() {
    #expect(OutputLock.path(of: folder["link"]) == OutputLock.path(of: folder["net"]))
  }
}
