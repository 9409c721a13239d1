import Foundation
import Network
import Testing
import Train

@testable import CLI

@Suite("Dataset loader")
struct DatasetLoaderTests {
  private let folder: TemporaryFolder
  private let loader: DatasetLoader

  init() throws {
    folder = try TemporaryFolder()
    loader = DatasetLoader(cache: CacheFolder(path: folder["cache"]))
  }

  private func writeIDX(to name: String, isPacked: Bool = false) throws {
    for (file, bytes) in SmallIDX.mnistLike {
      try folder.write(
        isPacked ? Gzip.packed(bytes) : bytes, to: "\(name)/\(file)\(isPacked ? ".gz" : "")")
    }
  }

  private func writePicture(_ name: String, grey: UInt8, height: Int = 2, width: Int = 3) throws {
    let shape = Shape(height: height, width: width, channels: 1)
    let picture = Picture(shape: shape, pixels: [UInt8](repeating: grey, count: shape.count))
    try folder.write(PNGFormat.encode(picture), to: name)
  }

  private func greys(_ dataset: Dataset) -> [UInt8] {
    (0..<dataset.count).map { index in dataset.withPicture(at: index) { $0[0] } }
  }

  private func labels(_ dataset: Dataset) -> [Int] { (0..<dataset.count).map(dataset.label(at:)) }

  @Test(arguments: ["d", "d/mnist"], [false, true])
  func `IDX files are found`(place: String, isPacked: Bool) throws {
    try writeIDX(to: place, isPacked: isPacked)
    let data = try DataFolder(folder["d"])
    #expect(data.layout == .idx(folder[place]))
    let training = try loader.load(.training, from: data)
    let test = try loader.load(.test, from: data)
    #expect((training.count, test.count) == (24, 12))
    #expect(training.shape == Shape(height: 2, width: 2, channels: 1))
    #expect(training.withPicture(at: 23) { [UInt8]($0) } == [92, 93, 94, 95])
    #expect(test.label(at: 11) == 1)
  }

  @Test func `a part that isn't there is named`() throws {
    try writeIDX(to: "d")
    try FileManager.default.removeItem(atPath: folder["d/t10k-labels-idx1-ubyte"])
    let data = try DataFolder(folder["d"])
    let message =
      "no t10k-labels-idx1-ubyte (or .gz) in \(folder["d"]): the test set is not there"
    #expect(throws: Failure(message)) { try loader.load(.test, from: data) }
    #expect(try loader.load(.training, from: data).count == 24)
  }

  @Test func `a label or a picture that can't be reached is told of`() throws {
    for name in ["d/a/1.png", "d/b/1.png"] { try writePicture(name, grey: 1) }
    let data = try DataFolder(folder["d"])
    // What is no picture is of no interest.
    symlink("nowhere", folder["d/notes.txt"])
    #expect(mkdir(Self.withByte(folder["d/caf"], ".txt"), 0o777) == 0)
    #expect(try LabelFolders(data.path).labelNames == ["a", "b"])
    symlink("nowhere", folder["d/a/0.png"])
    #expect(throws: FileError.missing(path: folder["d/a/0.png"])) {
      try loader.load(.training, from: data)
    }
    unlink(folder["d/a/0.png"])
    symlink("nowhere", folder["d/c"])
    #expect(throws: FileError.missing(path: folder["d/c"])) { try LabelFolders(data.path) }
    unlink(folder["d/c"])
    #expect(mkdir(Self.withByte(folder["d/c"], ""), 0o777) == 0)
    #expect(throws: FileError.notText(folder: data.path, name: "c\u{FFFD}")) {
      try LabelFolders(data.path)
    }
  }

  /// A path that is no UTF-8.
  private static func withByte(_ start: String, _ end: String) -> [CChar] {
    start.utf8CString.dropLast() + [-1] + end.utf8CString
  }

  @Test func `damaged IDX files are refused with their path`() throws {
    try writeIDX(to: "d")
    let data = try DataFolder(folder["d"])
    let pictures = folder["d/train-images-idx3-ubyte"]
    let labels = folder["d/train-labels-idx1-ubyte"]
    try folder.write(SmallIDX.pictures(count: 24).dropLast(), to: "d/train-images-idx3-ubyte")
    #expect(throws: Failure("\(pictures): cut short: 112 bytes expected, 111 found")) {
      try loader.load(.training, from: data)
    }
    for (count, expected) in [(0, 4), (3, 4), (9, 16)] {
      try folder.write(
        SmallIDX.pictures(count: 24).prefix(count), to: "d/train-images-idx3-ubyte")
      let message = "\(pictures): cut short: \(expected) bytes expected, \(count) found"
      #expect(throws: Failure(message)) { try loader.load(.training, from: data) }
    }
    try folder.write(SmallIDX.labels(count: 24), to: "d/train-images-idx3-ubyte")
    #expect(throws: Failure("\(pictures): holds labels where pictures are expected")) {
      try loader.load(.training, from: data)
    }
    try folder.write(SmallIDX.pictures(count: 24), to: "d/train-images-idx3-ubyte")
    try folder.write(SmallIDX.labels(count: 23), to: "d/train-labels-idx1-ubyte")
    #expect(throws: Failure("\(labels): 23 labels for 24 pictures")) {
      try loader.load(.training, from: data)
    }
    try folder.write(Data("<html>not here</html>".utf8), to: "d/train-labels-idx1-ubyte")
    let message = "\(labels): not an IDX file: begins with 0x3c68746d instead of 0x00000801"
    #expect(throws: Failure(message)) { try loader.load(.training, from: data) }
  }

  @Test(arguments: [0, 1, 10, 40])
  func `gzip files that are cut short are refused with their path`(count: Int) throws {
    try writeIDX(to: "d", isPacked: true)
    let name = "d/train-images-idx3-ubyte.gz"
    try folder.write(folder.bytes(name).prefix(count), to: name)
    let data = try DataFolder(folder["d"])
    let error = #expect(throws: Failure.self) { try loader.load(.training, from: data) }
    let line = try #require(error).description
    #expect(
      line == "\(folder[name]): not a gzip file"
        || line == "\(folder[name]): gzip file cut short after \(count) bytes")
  }

  @Test func `train and test folders hold a folder per label`() throws {
    try writePicture("d/train/cat/2.png", grey: 2)
    try writePicture("d/train/cat/1.PNG", grey: 1)
    try writePicture("d/train/ant/1.png", grey: 3)
    try folder.write(Data("no picture".utf8), to: "d/train/ant/notes.txt")
    try writePicture("d/test/cat/1.png", grey: 4)
    let data = try DataFolder(folder["d"])
    #expect(data.layout == .parts)
    let training = try loader.load(.training, from: data)
    #expect(training.labelNames == ["ant", "cat"])
    #expect(greys(training) == [3, 1, 2])
    #expect(labels(training) == [0, 1, 1])
    let test = try loader.load(.test, from: data)
    #expect(test.labelNames == ["ant", "cat"])
    #expect(labels(test) == [1])
  }

  @Test func `a test label that training lacks is refused`() throws {
    try writePicture("d/train/cat/1.png", grey: 1)
    try writePicture("d/test/dog/1.png", grey: 1)
    let data = try DataFolder(folder["d"])
    let message = "\(folder["d/test/dog/1.png"]): the training pictures have no label dog"
    #expect(throws: Failure(message)) { try loader.load(.test, from: data) }
  }

  @Test func `one set of label folders is split the same way every time`() throws {
    for index in 0..<13 { try writePicture("d/a/\(10 + index).png", grey: UInt8(index)) }
    for index in 0..<3 { try writePicture("d/b/\(index).png", grey: UInt8(100 + index)) }
    let data = try DataFolder(folder["d"])
    #expect(data.layout == .labels)
    #expect(try greys(loader.load(.test, from: data)) == [5, 11, 102])
    let training = try loader.load(.training, from: data)
    #expect(greys(training) == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 12, 100, 101])
  }

  @Test func `one picture a label leaves nothing for the test`() throws {
    try writePicture("d/a/1.png", grey: 1)
    let data = try DataFolder(folder["d"])
    #expect(try loader.load(.training, from: data).count == 1)
    #expect(throws: Failure.self) { try loader.load(.test, from: data) }
  }

  @Test func `another size is refused, or resized where the shape is given`() throws {
    try writePicture("d/a/1.png", grey: 1)
    try writePicture("d/a/2.png", grey: 2, height: 5, width: 7)
    try writePicture("d/a/3.png", grey: 3)
    let data = try DataFolder(folder["d"])
    let message =
      "\(folder["d/a/2.png"]): the picture is 5x7 (height x width), the model takes 2x3"
    #expect(throws: Failure(message)) { try loader.load(.training, from: data) }
    var warnings: [String] = []
    var fitting = loader
    fitting.shape = Shape(height: 2, width: 3, channels: 3)
    fitting.warn = { warnings.append($0) }
    let training = try fitting.load(.training, from: data)
    #expect(training.shape == Shape(height: 2, width: 3, channels: 3))
    #expect(greys(training) == [1, 2])
    #expect(warnings == ["1 of 2 pictures resized to 2x3"])
  }

  @Test func `a damaged picture is refused with its path`() throws {
    try writePicture("d/a/1.png", grey: 1)
    try folder.write(Data("text".utf8), to: "d/a/0.png")
    let data = try DataFolder(folder["d"])
    #expect(throws: Failure("\(folder["d/a/0.png"]): neither a PNG nor a JPEG picture")) {
      try loader.load(.training, from: data)
    }
  }

  @Test func `an empty label is refused`() throws {
    try writePicture("d/a/1.png", grey: 1)
    try folder.write(Data(), to: "d/b/notes.txt")
    let data = try DataFolder(folder["d"])
    #expect(throws: Failure("\(folder["d/b"]): no PNG or JPEG picture for this label")) {
      try loader.load(.training, from: data)
    }
  }

  @Test func `a folder without data names every place looked at`() throws {
    try folder.write(Data(), to: "d/other/notes.txt")
    let path = folder["d"]
    let message =
      "no data in \(path): looked for train-images-idx3-ubyte (or .gz) in \(path) and "
      + "\(path)/mnist, and for folders of PNG or JPEG pictures, one a label, in \(path)/train "
      + "and \(path)"
    #expect(throws: Failure(message)) { try DataFolder(path) }
  }

  @Test func `no folder is no data`() throws {
    #expect(throws: FileError.missing(path: folder["x"])) { try DataFolder(folder["x"]) }
    let file = try folder.write(Data(), to: "f")
    #expect(throws: FileError.notFolder(path: file)) { try DataFolder(file) }
  }
}
