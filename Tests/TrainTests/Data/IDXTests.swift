import Foundation
import Network
import Testing

@testable import Train

@Suite("IDX")
struct IDXTests {
  /// Two pictures of 2 rows and 3 columns.
  private let pictures = Data(
    [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3] + (1...12).map { UInt8($0 * 20) })
  private let labels = Data([0, 0, 8, 1, 0, 0, 0, 2, 7, 3])

  /// The same bytes in the middle of a longer buffer, so that they don't start at index 0.
  private func slice(_ bytes: Data) -> Data {
    (Data([9, 9, 9]) + bytes + Data([9]))[3..<3 + bytes.count]
  }

  @Test func `pictures and labels become a dataset`() throws {
    for (pictures, labels) in [(pictures, labels), (slice(pictures), slice(labels))] {
      let dataset = try IDX.dataset(pictures: pictures, labels: labels)
      #expect(dataset.count == 2)
      #expect(dataset.shape == Shape(height: 2, width: 3, channels: 1))
      #expect(dataset.labelNames == (0...9).map(String.init))
      #expect(dataset.label(at: 0) == 7)
      #expect(dataset.label(at: 1) == 3)
      #expect(dataset.withPicture(at: 0) { [UInt8]($0) } == [20, 40, 60, 80, 100, 120])
      #expect(dataset.withPicture(at: 1) { [UInt8]($0) } == [140, 160, 180, 200, 220, 240])
    }
  }

  @Test func `pixels are a slice of the file, not a copy`() throws {
    let file = Data([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 64, 0, 0, 0, 64]) + Data(count: 4096)
    let parsed = try IDX.pictures(file)
    let distance = file.withUnsafeBytes { whole in
      parsed.pixels.withUnsafeBytes { $0.baseAddress! - whole.baseAddress! }
    }
    #expect(distance == 16)
  }

  @Test func `labels above nine get names`() throws {
    let dataset = try IDX.dataset(pictures: pictures, labels: Data(labels.dropLast() + [26]))
    #expect(dataset.labelNames.count == 27)
  }

  @Test(arguments: 0..<28)
  func `pictures cut short are refused`(length: Int) {
    let needed = length < 4 ? 4 : length < 16 ? 16 : 28
    #expect(throws: IDXError.truncated(expected: needed, found: length)) {
      try IDX.pictures(slice(pictures.prefix(length)))
    }
  }

  @Test(arguments: 0..<10)
  func `labels cut short are refused`(length: Int) {
    let needed = length < 4 ? 4 : length < 8 ? 8 : 10
    #expect(throws: IDXError.truncated(expected: needed, found: length)) {
      try IDX.labels(labels.prefix(length))
    }
  }

  @Test func `bytes after the last element are refused`() {
    #expect(throws: IDXError.overlong(expected: 28, found: 29)) {
      try IDX.pictures(pictures + [0])
    }
    #expect(throws: IDXError.overlong(expected: 10, found: 11)) { try IDX.labels(labels + [0]) }
  }

  @Test func `labels given for pictures are called mislabelled, and the reverse`() {
    #expect(throws: IDXError.mislabelled(expected: .pictures, found: .labels)) {
      try IDX.dataset(pictures: labels, labels: labels)
    }
    #expect(throws: IDXError.mislabelled(expected: .labels, found: .pictures)) {
      try IDX.dataset(pictures: pictures, labels: pictures)
    }
  }

  @Test(
    arguments: [
      [0x1f, 0x8b, 8, 0], [0, 0, 9, 3], [0, 1, 8, 3], [1, 0, 8, 3], [0, 0, 13, 3], [0, 0, 0, 0],
    ] as [[UInt8]])
  func `another magic is refused`(magic: [UInt8]) {
    let found = magic.reduce(0) { $0 << 8 | UInt32($1) }
    #expect(throws: IDXError.magic(expected: 0x0803, found: found)) {
      try IDX.pictures(Data(magic) + pictures.dropFirst(4))
    }
  }

  @Test(arguments: [0, 2, 4, 255] as [UInt8])
  func `another number of extents is refused`(count: UInt8) {
    #expect(throws: IDXError.extentCount(expected: 3, found: Int(count))) {
      try IDX.pictures(Data([0, 0, 8, count]) + pictures.dropFirst(4))
    }
  }

  @Test(arguments: 0..<3)
  func `an empty extent is refused`(index: Int) {
    var file = pictures
    file[7 + 4 * index] = 0
    #expect(throws: IDXError.emptyExtent(index: index, offset: 4 + 4 * index)) {
      try IDX.pictures(file)
    }
  }

  @Test func `extents that multiply beyond any file are refused`() {
    let huge = Data([0, 0, 8, 3] + [UInt8](repeating: 0xff, count: 12))
    #expect(throws: IDXError.tooLarge(extents: [0xffff_ffff, 0xffff_ffff, 0xffff_ffff])) {
      try IDX.pictures(huge)
    }
  }

  @Test func `more labels than pictures are refused`() {
    let three = Data([0, 0, 8, 1, 0, 0, 0, 3, 7, 3, 1])
    #expect(throws: IDXError.countMismatch(pictures: 2, labels: 3)) {
      try IDX.dataset(pictures: pictures, labels: three)
    }
  }

  @Test func `a label without a name is refused`() {
    #expect(throws: IDXError.dataset(.labelOutOfRange(picture: 0, label: 7, count: 2))) {
      try IDX.dataset(pictures: pictures, labels: labels, labelNames: ["a", "b"])
    }
  }

  @Test(arguments: 0..<28)
  func `a flipped byte never traps`(position: Int) {
    for value in [0, 1, 127, 128, 255] as [UInt8] {
      var file = pictures
      file[position] = value
      let parsed = try? IDX.pictures(file)
      #expect(parsed == nil || parsed?.pixels.count == 12)
    }
  }
}
