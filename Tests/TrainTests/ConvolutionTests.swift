import Network
import Testing

@testable import Train

@Suite struct ConvolutionTests {
  /// Small whole numbers, so that sums are exact in any order.
  private func wholeNumbers(_ count: Int, seed: UInt64) -> Memory<Float> {
    var random = SplitMix(seed: seed)
    return Memory((0..<count).map { _ in Float(random.below(15)) - 7 })
  }

  /// Places of `count` things in a memory of twice as many, in a random order and all different.
  private func places(_ count: Int, stride: Int, seed: UInt64) -> [Int] {
    var random = SplitMix(seed: seed)
    return random.permutation(2 * count).prefix(count).map { Int($0) * stride }
  }

  @Test("a gathered product is the sum it stands for", arguments: [8, 16, 24, 32, 40, 48, 80])
  func gather(channels: Int) {
    for pixels in 1...17 {
      for depth in [1, 2, 7] {
        let seed = UInt64(100 * pixels + depth)
        let inputPixels = places(pixels, stride: 3, seed: seed)
        let outputPixels = places(pixels, stride: channels, seed: seed + 1)
        let depths = places(depth, stride: 1, seed: seed + 2)
        let input = wholeNumbers(6 * pixels + 2 * depth, seed: seed + 3)
        let weights = wholeNumbers(depth * channels, seed: seed + 4)
        let bias = wholeNumbers(channels, seed: seed + 5)
        for start in 0..<3 {
          let output = wholeNumbers(2 * pixels * channels, seed: seed + 6)
          var expected = (0..<output.count).map { output.start[$0] }
          for pixel in 0..<pixels {
            for channel in 0..<channels {
              let place = outputPixels[pixel] + channel
              expected[place] = [bias.start[channel], 0, expected[place]][start]
              for k in 0..<depth {
                expected[place] +=
                  input.start[inputPixels[pixel] + depths[k]]
                  * weights.start[k * channels + channel]
              }
            }
          }
          let (inputs, outputs) = (Memory(offsets: inputPixels), Memory(offsets: outputPixels))
          let table = Memory(offsets: depths)
          let product = GatherProduct(
            pixels: pixels, inputPixels: inputs.start, outputPixels: outputs.start, depth: depth,
            depths: table.start, channels: channels)
          product(
            input.start, weights.start, start: [.bias(bias.start), .zero, .output][start],
            into: output.start)
          #expect((0..<output.count).map { output.start[$0] } == expected)
        }
      }
    }
  }

  @Test("an outer product is the sum it stands for", arguments: [8, 16, 24, 32, 40, 48, 80])
  func outer(channels: Int) {
    for rows in 1...17 {
      for pixels in [1, 2, 7] {
        let seed = UInt64(100 * rows + pixels)
        let inputPixels = places(pixels, stride: 3, seed: seed)
        let rowOffsets = places(rows, stride: 1, seed: seed + 1)
        let input = wholeNumbers(6 * pixels + 2 * rows, seed: seed + 2)
        let gradient = wholeNumbers(pixels * channels, seed: seed + 3)
        let sums = wholeNumbers(rows * channels, seed: seed + 4)
        var expected = (0..<sums.count).map { sums.start[$0] }
        for row in 0..<rows {
          for channel in 0..<channels {
            for pixel in 0..<pixels {
              expected[row * channels + channel] +=
                input.start[inputPixels[pixel] + rowOffsets[row]]
                * gradient.start[pixel * channels + channel]
            }
          }
        }
        let (inputs, offsets) = (Memory(offsets: inputPixels), Memory(offsets: rowOffsets))
        let product = OuterProduct(
          rows: rows, rowOffsets: offsets.start, pixels: pixels, inputPixels: inputs.start,
          channels: channels)
        product(input.start, gradient.start, into: sums.start)
        #expect((0..<sums.count).map { sums.start[$0] } == expected)
      }
    }
  }

  /// What a layer, the only one after a picture-sized value, makes of random values and gradients.
  private func results(
    _ math: any LayerMath, _ network: Network, seed: UInt64
  ) -> (output: [Float], inputGradient: [Float], parameterGradients: [Float]) {
    let picture = Picture(MemoryLayoutPlan(network, Graph(network), forTraining: true))
    let (input, output) = (network.shapes[0], network.shapes[1])
    fill(picture.activations[1], input, seed: seed)
    fill(picture.gradients[2], output, seed: seed + 1)
    let scratch = Memory<Float>(count: math.scratchCount)
    let accumulators = Memory<Float>(count: math.accumulators.upperBound)
    let context = Context(scratch: scratch.start, accumulators: accumulators.start, seed: 0)
    let trained = ParameterLayout(network).trainedCount
    let block = Block(
      index: 0, pictures: 0, layout: MemoryLayoutPlan(network, Graph(network), forTraining: true),
      parameterCount: trained, sumCount: 0)
    math.settle()
    math.forward(picture, context)
    math.backward(picture, context)
    math.finish(block, context)
    return (
      values(picture.activations[2], output), values(picture.gradients[1], input),
      (0..<trained).map { block.parameterGradients.start[$0] }
    )
  }

  private func fill(_ memory: UnsafeMutablePointer<Float>, _ shape: Shape, seed: UInt64) {
    var random = SplitMix(seed: seed)
    for pixel in 0..<shape.pixelCount {
      for channel in 0..<shape.channels {
        memory[pixel * shape.pixelStride + channel] = random.symmetric(1)
      }
    }
  }

  private func values(_ memory: UnsafePointer<Float>, _ shape: Shape) -> [Float] {
    (0..<shape.count).map {
      memory[$0 / shape.channels * shape.pixelStride + $0 % shape.channels]
    }
  }

  @Test(
    "tiles give what the convolution gives",
    arguments: [(8, 8), (9, 16), (16, 9), (17, 32), (33, 17), (16, 48)], ["valid", "same"])
  func tiles(channels: (Int, Int), padding: String) throws {
    for (height, width) in [(4, 4), (5, 4), (4, 7), (7, 5), (13, 12)] {
      let margin = padding == "same" ? 0 : 2
      let text = """
        input \(height + margin)x\(width + margin)x\(channels.0)
        relu
        conv 3 \(channels.1) padding=\(padding)
        """
      let network = try sampleNetwork(text, seed: 3)
      guard case .conv2D(let kind) = network.layers[1].operation else {
        Issue.record("a convolution")
        return
      }
      let (input, output) = (network.shapes[0], network.shapes[1])
      #expect(WinogradConv2DMath.suits(kind, inputShape: input, outputShape: output))
      let layout = ParameterLayout(network)
      let parameters = Memory<Float>(count: layout.count)
      layout.load(network.parameters, into: parameters.start)
      let (weight, bias) = (
        layout.offset("conv1", "weight").map {
          Parameter(values: parameters.start + $0, offset: $0)
        },
        layout.offset("conv1", "bias").map { Parameter(values: parameters.start + $0, offset: $0) }
      )
      for accumulates in [false, true] {
        let edge = Edge(value: 1, accumulates: accumulates)
        let expected = results(
          Conv2DMath(
            kind, input: edge, inputShape: input, inputPixel: input.pixelStride, output: 2,
            outputShape: output, weight: try #require(weight), bias: bias, accumulatorOffset: 16),
          network, seed: 7)
        let found = results(
          WinogradConv2DMath(
            kind, input: edge, inputShape: input, output: 2, outputShape: output,
            weight: try #require(weight), bias: bias, accumulatorOffset: 16), network, seed: 7)
        #expect(distance(found.output, expected.output) < 3e-5)
        #expect(distance(found.inputGradient, expected.inputGradient) < 3e-5)
        #expect(distance(found.parameterGradients, expected.parameterGradients) < 1e-4)
      }
    }
  }

  private func distance(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}
