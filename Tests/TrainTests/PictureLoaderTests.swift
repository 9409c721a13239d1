import Network
import Testing

@testable import Train

@Suite struct PictureLoaderTests {
  private let shape = Shape(height: 9, width: 8, channels: 2)

  /// What the loader makes of a picture of pixels `value(row, column, channel)`.
  private func load(
    _ augmentation: Augmentation, seed: UInt64 = 1, _ value: (Int, Int, Int) -> UInt8
  ) throws -> [Float] {
    var pixels: [UInt8] = []
    for row in 0..<shape.height {
      for column in 0..<shape.width {
        for channel in 0..<shape.channels { pixels.append(value(row, column, channel)) }
      }
    }
    let loader = PictureLoader(shape: shape, augmentation: augmentation)
    let memory = Memory<Float>(count: shape.floatCount)
    pixels.withUnsafeBufferPointer {
      loader.load($0, random: SplitMix(seed: seed), into: memory.start, stride: shape.pixelStride)
    }
    return (0..<shape.count).map {
      memory.start[$0 / shape.channels * shape.pixelStride + $0 % shape.channels]
    }
  }

  @Test("without augmentation a pixel is its value over 255")
  func plain() throws {
    let values = try load(Augmentation()) { UInt8($0 * 20 + $1 * 2 + $2) }
    #expect(values[0] == 0)
    #expect(values[shape.count - 1] == Float(8 * 20 + 7 * 2 + 1) / 255)
  }

  @Test("an augmentation too small to see changes nothing", arguments: [1, 2, 3])
  func tiny(seed: UInt64) throws {
    var augmentation = Augmentation()
    augmentation.shift = 1e-5
    augmentation.rotation = 1e-4
    augmentation.elastic = 1e-6
    let value = { (row: Int, column: Int, channel: Int) in UInt8(row * 20 + column * 2 + channel) }
    let plain = try load(Augmentation(), value)
    let varied = try load(augmentation, seed: seed, value)
    for (plain, varied) in zip(plain, varied) { #expect(abs(plain - varied) < 1e-4) }
  }

  @Test("what is varied stays between the darkest and the brightest pixel and 0", arguments: 1...8)
  func range(seed: UInt64) throws {
    var augmentation = Augmentation()
    augmentation.shift = 30
    augmentation.rotation = 90
    augmentation.scale = 0.5
    augmentation.shear = 1
    augmentation.elastic = 5
    let values = try load(augmentation, seed: seed) { row, column, _ in
      UInt8((row * 31 + column * 17) % 256)
    }
    #expect(values.allSatisfy { $0 >= 0 && $0 <= 1 })
  }

  @Test("one rectangle is erased, of many shapes, nowhere larger than its bound")
  func erase() throws {
    var augmentation = Augmentation()
    augmentation.erase = 1
    augmentation.eraseArea = 0.5
    var shapes: Set<[Int]> = []
    for seed in 1...200 {
      let values = try load(augmentation, seed: UInt64(seed)) { _, _, _ in 255 }
      // Noise is below 1.
      let erased = values.indices.filter { values[$0] != 1 }
      #expect(erased.allSatisfy { values[$0] >= 0 && values[$0] < 1 })
      let pixels = Set(erased.map { $0 / shape.channels })
      let (rows, columns) = (
        Set(pixels.map { $0 / shape.width }), Set(pixels.map { $0 % shape.width })
      )
      #expect(erased.count == rows.count * columns.count * shape.channels)
      #expect(rows.count == rows.max()! - rows.min()! + 1)
      #expect(columns.count == columns.max()! - columns.min()! + 1)
      #expect(pixels.count <= shape.pixelCount / 2)
      #expect(Set(erased.map { values[$0] }).count == erased.count)
      shapes.insert([rows.count, columns.count])
    }
    #expect(shapes.count > 10)
  }

  @Test("a share of pictures is erased, of those that aren't left as they are")
  func eraseShare() throws {
    var augmentation = Augmentation()
    augmentation.erase = 0.5
    augmentation.unchanged = 0.4
    let erased = try (1...1000).filter { seed in
      try load(augmentation, seed: UInt64(seed)) { _, _, _ in 255 }.contains { $0 != 1 }
    }
    // 0.3 of them; a deviation is 14.5.
    #expect((255...345).contains(erased.count))
  }

  @Test("a shift moves the picture by up to its bound")
  func shift() throws {
    var augmentation = Augmentation()
    augmentation.shift = 2
    var places: Set<Int> = []
    for seed in 1...40 {
      let values = try load(augmentation, seed: UInt64(seed)) { row, column, channel in
        row == 4 && column == 4 && channel == 0 ? 255 : 0
      }
      let sum = values.reduce(0, +)
      #expect(abs(sum - 1) < 1e-5)
      let place = values.indices.max { values[$0] < values[$1] }! / shape.channels
      #expect((2...6).contains(place / shape.width) && (2...6).contains(place % shape.width))
      places.insert(place)
    }
    #expect(places.count > 10)
  }
}
