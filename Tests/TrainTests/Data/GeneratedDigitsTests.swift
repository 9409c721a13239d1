import Network
import Testing

@testable import Train

@Suite("Generated digits")
struct GeneratedDigitsTests {
  private func pixels(_ dataset: Dataset) -> [[UInt8]] {
    (0..<dataset.count).map { index in dataset.withPicture(at: index) { [UInt8]($0) } }
  }

  @Test func `the set is what it says`() {
    let dataset = GeneratedDigits.dataset(count: 25, seed: 1)
    #expect(dataset.count == 25)
    #expect(dataset.shape == Shape(height: 28, width: 28, channels: 1))
    #expect((0..<25).map(dataset.label(at:)) == (0..<25).map { $0 % 10 })
    #expect(dataset.labelNames == (0...9).map(String.init))
  }

  @Test(arguments: [0, 1, .max] as [UInt64])
  func `the same seed gives the same bytes`(seed: UInt64) {
    let first = pixels(GeneratedDigits.dataset(count: 30, seed: seed))
    #expect(first == pixels(GeneratedDigits.dataset(count: 30, seed: seed)))
    #expect(first != pixels(GeneratedDigits.dataset(count: 30, seed: seed ^ 2)))
  }

  @Test func `a longer set begins with the shorter one`() {
    let long = pixels(GeneratedDigits.dataset(count: 40, seed: 3))
    #expect(pixels(GeneratedDigits.dataset(count: 13, seed: 3)) == Array(long.prefix(13)))
  }

  @Test func `no two pictures are equal`() {
    #expect(Set(pixels(GeneratedDigits.dataset(count: 200, seed: 4))).count == 200)
  }

  @Test func `every picture is light ink on a black border`() {
    for picture in pixels(GeneratedDigits.dataset(count: 200, seed: 5)) {
      let ink = picture.filter { $0 > 127 }.count
      #expect((15...300).contains(ink))
      #expect(picture.max()! >= 150)
      let border = picture.indices.filter { position in
        [0, 27].contains(position / 28) || [0, 27].contains(position % 28)
      }
      #expect(border.filter { picture[$0] > 0 }.count < 12)
    }
  }

  @Test func `the nearest mean picture names most digits`() {
    let training = GeneratedDigits.dataset(count: 300, seed: 6)
    var means = [[Float]](repeating: [Float](repeating: 0, count: 784), count: 10)
    for (index, picture) in pixels(training).enumerated() {
      for (position, pixel) in picture.enumerated() {
        means[training.label(at: index)][position] += Float(pixel) / 30
      }
    }
    let test = GeneratedDigits.dataset(count: 100, seed: 7)
    var right = 0
    for (index, picture) in pixels(test).enumerated() {
      let distances = means.map { mean in
        zip(mean, picture).reduce(Float(0)) { sum, pair in
          let difference = pair.0 - Float(pair.1)
          return sum + difference * difference
        }
      }
      let nearest = distances.firstIndex(of: distances.min()!)
      right += nearest == test.label(at: index) ? 1 : 0
    }
    #expect(right >= 65)
  }
}
