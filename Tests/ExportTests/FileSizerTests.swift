import Foundation
import Network
import Testing
import Train

@testable import Export

/// The size that training is told is that of the file, and bits add up to it.
@Suite struct FileSizerTests {
  /// A network of one large layer whose numbers are drawn so that a share of them is 0 and the others become rarer away
  /// from 0.
  private func network(_ grid: WeightGrid, zeros: Double, further: Double) throws -> Network {
    var network = try Network(
      text: "input 12x12x8\nconv 3x3 4\nconv 3x3 48 padding=same\nrelu\ndense 4"
    )
    .untrained(seed: 3)
    var random = SplitMix(seed: 5)
    let count = try #require(network.parameters["conv2.weight"]).values.count
    let values = (0..<count).map { index -> Float in
      // So that each channel's step is 1.
      if index % (count / 48) == 0 { return Float(grid.range.upperBound) }
      if Double(random.unit()) < zeros { return 0 }
      var number = 1
      while number < grid.range.upperBound, Double(random.unit()) < further { number += 1 }
      return Float(random.unit() < 0.5 ? number : -number)
    }
    network.parameters["conv2.weight"]?.values = values
    network.quantization = try Quantization(of: network, choosing: GridChoice(grid))
    for layer in network.quantization!.ranges.keys {
      network.quantization?.ranges[layer] = ActivationRange(-99, 99)
    }
    return network
  }

  @Test(
    "bits are those of the stream",
    arguments: [
      (WeightGrid.int8, 0.2, 0.95), (.int8, 0.6, 0.9), (.int8, 0.8, 0.9), (.int4, 0.3, 0.5),
      (.int4, 0.7, 0.4), (.ternary, 0.5, 0),
    ])
  func bits(grid: WeightGrid, zeros: Double, further: Double) throws {
    let network = try network(grid, zeros: zeros, further: further)
    let size = try FileSizer(ExportOptions()).size(of: network)
    let lengths = try #require(size.lengths["conv2"])
    let folded = try FoldedNetwork(simplifying: network)
    let quantized = try QuantizedNetwork(folded, folded.quantizations(of: network, by: nil)) {
      network.grid(of: $0, choosing: nil)
    }
    let node = try #require(quantized.nodes.first { $0.weights.count == 4 * 9 * 48 })
    let stream = 8 * Double(Deflate.compressed(node.weights).count)
    let bits = node.weights.reduce(0) {
      $0 + lengths.bits(of: Double($1 >> node.record.weightShift))
    }
    #expect(abs(bits / stream - 1) < 1e-9)
    #expect(lengths.one >= lengths.zero && lengths.step >= 0)
  }

  @Test("the rarer a number, the more bits it takes beside a 0")
  func proportions() throws {
    let sizer = FileSizer(ExportOptions())
    let lengths = try [(0.3, 0.9), (0.6, 0.9), (0.8, 0.9), (0.8, 0.5)].map { zeros, further in
      try #require(
        sizer.size(of: network(.int8, zeros: zeros, further: further)).lengths["conv2"])
    }
    let ones = lengths.map { $0.one / $0.zero }
    #expect(ones[0] < ones[1] && ones[1] < ones[2])
    #expect(lengths[2].step / lengths[2].zero < lengths[3].step / lengths[3].zero)
  }

  @Test("the size is that of the exported file, byte for byte", arguments: [0.2, 0.9])
  func size(zeros: Double) throws {
    let network = try network(.int4, zeros: zeros, further: 0.5)
    var options = ExportOptions()
    options.labels = ["a", "bc"]
    options.source = "thimble train"
    options.encoding = .deflate
    let sizer = FileSizer(options)
    let size = try sizer.size(of: network)
    let result = try Exporter.export(
      network, samples: noiseSamples(of: network, count: 1, seed: 1), options: options)
    #expect(size.byteCount == result.file.count)
    #expect(try sizer.size(of: network) == size)
    // A layer that is no smaller compressed stays in place.
    let encodings = result.report.layers.compactMap(\.encoding)
    #expect(encodings == (zeros > 0.5 ? ["int4", "deflate", "int4"] : ["int4", "int4", "int4"]))
    #expect(result.report.weightRAMByteCount == (zeros > 0.5 ? 4 * 9 * 48 : 0))
    // Of few weights nothing is expected.
    #expect(size.lengths.keys.sorted() == ["conv1", "conv2", "dense1"])
    let small = try Network(text: "input 4x4x1\nconv 1x1 3").untrained(seed: 1)
    var quantized = small
    quantized.quantization = try Quantization(of: small, choosing: GridChoice(.int4))
    quantized.quantization?.ranges["conv1"] = ActivationRange(-9, 9)
    #expect(try FileSizer(ExportOptions()).size(of: quantized).lengths.isEmpty)
  }
}
