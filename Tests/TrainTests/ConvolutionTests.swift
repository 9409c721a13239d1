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
          let before = (0..<output.count).map { output.start[$0] }
          for isWide in [false, channels % 16 == 0] {
            let product = GatherProduct(
              pixels: pixels, inputPixels: inputs.start, outputPixels: outputs.start, depth: depth,
              depths: table.start, channels: channels, isWide: isWide)
            output.start.update(from: before, count: output.count)
            product(
              input.start, weights.start, start: [.bias(bias.start), .zero, .output][start],
              into: output.start)
            #expect((0..<output.count).map { output.start[$0] } == expected)
          }
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
        let stride = channels + 16
        let gradient = wholeNumbers(pixels * stride, seed: seed + 3)
        let sums = wholeNumbers(rows * channels, seed: seed + 4)
        let before = (0..<sums.count).map { sums.start[$0] }
        var expected = before
        for row in 0..<rows {
          for channel in 0..<channels {
            for pixel in 0..<pixels {
              expected[row * channels + channel] +=
                input.start[inputPixels[pixel] + rowOffsets[row]]
                * gradient.start[pixel * stride + channel]
            }
          }
        }
        let (inputs, offsets) = (Memory(offsets: inputPixels), Memory(offsets: rowOffsets))
        for isWide in [false, channels % 16 == 0] {
          let product = OuterProduct(
            rows: rows, rowOffsets: offsets.start, pixels: pixels, inputPixels: inputs.start,
            gradientStride: stride, channels: channels, isWide: isWide)
          sums.start.update(from: before, count: sums.count)
          product(input.start, gradient.start, into: sums.start)
          #expect((0..<sums.count).map { sums.start[$0] } == expected)
        }
      }
    }
  }

  @Test(
    "products of each channel by itself are the sums they stand for", arguments: [8, 16, 24, 32])
  func channels(count channels: Int) {
    for pixels in [1, 8, 9, 10, 19] {
      for tapCount in [1, 4, 9, 10, 25] {
        let seed = UInt64(100 * pixels + tapCount)
        let windows = places(pixels, stride: channels, seed: seed)
        let taps = places(tapCount, stride: channels, seed: seed + 1)
        let input = wholeNumbers(2 * (pixels + tapCount) * channels, seed: seed + 2)
        let weights = wholeNumbers(tapCount * channels, seed: seed + 3)
        let values = wholeNumbers(pixels * channels, seed: seed + 4)
        let bias = wholeNumbers(channels, seed: seed + 5)
        var (gathered, added) = ([Float](), (0..<values.count).map { values.start[$0] })
        var outer = (0..<weights.count).map { weights.start[$0] }
        var scattered = (0..<input.count).map { input.start[$0] }
        for pixel in 0..<pixels {
          for channel in 0..<channels {
            let place = pixel * channels + channel
            var sum: Float = 0
            for tap in 0..<tapCount {
              let weight = tap * channels + channel
              let under = windows[pixel] + taps[tap] + channel
              sum += input.start[under] * weights.start[weight]
              outer[weight] += input.start[under] * values.start[place]
              scattered[under] += values.start[place] * weights.start[weight]
            }
            gathered.append(sum + bias.start[channel])
            added[place] += sum
          }
        }
        let (windowTable, tapTable) = (Memory(offsets: windows), Memory(offsets: taps))
        let product = ChannelProduct(
          pixels: pixels, windows: windowTable.start, tapCount: tapCount, taps: tapTable.start,
          channels: channels)
        let output = Memory<Float>(count: values.count)
        product.gather(
          input.start, weights.start, start: .bias(bias.start), into: output.start)
        #expect((0..<output.count).map { output.start[$0] } == gathered)
        let sums = Memory((0..<weights.count).map { weights.start[$0] })
        product.outer(input.start, values.start, into: sums.start)
        #expect((0..<sums.count).map { sums.start[$0] } == outer)
        let copy = Memory((0..<input.count).map { input.start[$0] })
        product.scatter(values.start, weights.start, addingTo: copy.start)
        #expect((0..<copy.count).map { copy.start[$0] } == scattered)
        product.gather(input.start, weights.start, start: .output, into: values.start)
        #expect((0..<values.count).map { values.start[$0] } == added)
      }
    }
  }

  @Test(
    "bundles hold every weight of a grouped convolution once, and few zeros",
    arguments: [
      (1, 5, 3, 1), (2, 8, 16, 1), (3, 3, 4, 2), (4, 2, 12, 2), (5, 4, 12, 2), (7, 1, 1, 7),
      (9, 1, 1, 8), (4, 3, 6, 4), (3, 8, 8, 1),
    ])
  func bundles(groups: Int, inputs: Int, outputs: Int, size: Int) {
    let tapCount = 4
    let bundles = GroupBundles(groups: groups, inputs: inputs, outputs: outputs, taps: tapCount)
    #expect(bundles.bundles[0].inputs.count == size * inputs)
    #expect(bundles.bundles.map(\.inputs.count).reduce(0, +) == groups * inputs)
    var places: Set<Int> = []
    for output in 0..<groups * outputs {
      let bundle = bundles.bundle(writing: output)
      #expect(bundle.width % 8 == 0 && bundle.firstOutput % 8 == 0)
      #expect((0..<bundle.width).contains(output - bundle.firstOutput))
      for input in 0..<inputs {
        for tap in 0..<tapCount {
          let place = bundle.place(
            tap: tap, input: output / outputs * inputs + input, output: output)
          #expect(places.insert(place).inserted)
        }
      }
    }
    #expect(places.max()! < bundles.weightCount)
    let last = bundles.bundles[bundles.bundles.count - 1]
    #expect(last.firstOutput + last.width == (groups * outputs).roundedUpToVector)
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
