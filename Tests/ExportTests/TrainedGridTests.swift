import Network
import Testing
import TinyRuntime
import Train

@testable import Export

/// What a network was trained for is what is exported: the same integers.
@Suite struct TrainedGridTests {
  /// How many values of stored outputs differ between the device's integers and training's floats on their grids, and of
  /// how many.
  private func differences(
    _ network: Network, _ samples: [Sample]
  ) throws -> (count: Int, total: Int, largest: Int) {
    let result = try Exporter.export(network, samples: samples)
    let model = try HostModel(result.file)
    let folded = try FoldedNetwork(simplifying: network)
    let mappings = try folded.quantizations(of: network, by: nil)
    var sum = (count: 0, total: 0, largest: 0)
    for sample in samples {
      var position = [Int](repeating: 0, count: folded.nodes.count)
      _ = model.run(sample.pixels.map { Int8(bitPattern: $0 ^ 0x80) }) { index, _, row in
        // A softmax is no whole number in training, nor is what follows from it.
        guard index > 0, let layer = folded.nodes[index].observedLayer,
          folded.nodes[index].operation != .softmax, folded.nodes[index].operation != .argmax
        else { return }
        for element in 0..<row.count {
          let real = Double(sample.activations[layer][position[index] + element])
          let difference = abs(Int(mappings[index].quantized(real)) - Int(row[element]))
          sum.total += 1
          sum.count += difference > 0 ? 1 : 0
          sum.largest = max(sum.largest, difference)
        }
        position[index] += row.count
      }
    }
    return sum
  }

  @Test("Layers of all kinds give the integers that training saw")
  func everyLayer() throws {
    var sum = (count: 0, total: 0)
    for seed in 0..<60 as Range<UInt64> {
      let network = try RandomNetwork.network(seed: seed).onDrawnGrids(seed: seed)
      let samples = try noiseSamples(of: network, count: 3, seed: seed)
      let found: (count: Int, total: Int, largest: Int)
      do {
        found = try differences(network, samples)
      } catch ExportError.unsupported {
        // A range too small beside the weights drawn for it.
        continue
      }
      sum.count += found.count
      sum.total += found.total
      #expect(found.count * 200 <= found.total, "seed \(seed): \(found), \(network.text)")
    }
    #expect(sum.total > 10_000)
    #expect(sum.count * 2_000 <= sum.total, "\(sum)")
  }

  /// The network trained on drawn digits, in float and then on grids.
  private func trained(_ choice: GridChoice) throws -> (network: Network, validation: Dataset) {
    let (training, validation) = GeneratedDigits.dataset(count: 1_200, seed: 1)
      .splitForValidation()
    var recipe = Recipe()
    recipe.epochs = 4
    recipe.batch = 32
    recipe.learningRate = 0.01
    recipe.schedule = .cosine
    recipe.quantize = choice
    recipe.quantizeFrom = 0.5
    let network = Preset.tiny.network
    let trainer = Trainer(
      network: network, recipe: recipe, seed: 1, threads: 2,
      quantization: try Quantization(of: network, choosing: choice))
    try trainer.run(training: training)
    return (trainer.network, validation)
  }

  @Test(
    "The exported file has training's labels, picture for picture",
    arguments: ["int8", "int4", "int2", "ternary", "ternary conv1:int8 dense1:int4"])
  func labels(text: String) throws {
    let choice = try #require(GridChoice(text: text))
    let (network, validation) = try trained(choice)
    let noise = try noiseSamples(of: network, count: 1, seed: 1)
    let result = try Exporter.export(network, samples: noise)
    let model = try HostModel(result.file)
    let last = network.layers.count - 1
    let mapping = try #require(network.quantization?.ranges["dense1"]).grid
    var (other, differing, total) = (0, 0, 0)
    try network.forEachActivation(of: validation, at: 0..<validation.count) {
      layer, position, values in
      guard layer == last else { return }
      let output = validation.withPicture(at: position) { model.run(pixels: Array($0)) }
      var top = 0
      for label in 1..<values.count where values[label] > values[top] { top = label }
      other += model.label(of: output) == top ? 0 : 1
      differing += zip(output, values).filter { $0 != mapping.quantized(Double($1)) }.count
      total += output.count
    }
    #expect(other == 0, "\(other) labels")
    // What lies half way between two integers may go either way in float.
    #expect(differing * 500 <= total, "\(differing) of \(total) integers")
    let evaluation = try Evaluation(of: network, on: validation, threads: 2)
    #expect(evaluation.accuracy > 0.7, "\(evaluation.accuracy)")
    for layer in result.report.layers where layer.name.hasPrefix("conv") || layer.name == "dense1" {
      #expect(layer.encoding == "\(choice.grid(of: layer.name).encoding)", "\(layer.name)")
    }
    #expect(result.report.method == nil && result.report.trials.isEmpty)
  }

  @Test("A choice of other grids, of no layer and of a layer without weights is refused")
  func refusals() throws {
    let network = try Preset.tiny.network.untrained(seed: 1).onDrawnGrids(seed: 3)
    let grid = try #require(network.quantization?.grid(of: "conv1"))
    var options = ExportOptions()
    options.weights = WeightGrid.allCases.first { $0 != grid }
    #expect(
      throws: ExportError.otherGrid(
        layer: "conv1", trained: grid, chosen: try #require(options.weights))
    ) {
      try Exporter.export(
        network, samples: noiseSamples(of: network, count: 1, seed: 1), options: options)
    }
    #expect(throws: ExportError.unknownLayer("conv9", nearest: "conv1")) {
      try Quantization(of: network, choosing: GridChoice(.int8, exceptions: ["conv9": .int4]))
    }
    #expect(throws: ExportError.noWeights(layer: "relu1")) {
      try Quantization(of: network, choosing: GridChoice(.int8, exceptions: ["relu1": .int4]))
    }
    var bare = network
    bare.quantization?.ranges["relu2"] = nil
    #expect(throws: ExportError.missingActivations(layer: "relu2")) {
      try Exporter.export(bare, samples: noiseSamples(of: network, count: 1, seed: 1))
    }
  }

  @Test("Shifts stay within what packed weights can take")
  func shifts() {
    for grid in [WeightGrid.int4, .int2, .ternary] {
      let shifts = PackedGroups(grid.encoding.rawValue).shifts
      #expect(grid.shift(largestScale: 0) == shifts.lowerBound)
      #expect(grid.shift(largestScale: 1e9) == shifts.upperBound)
      for scale in [0.2499, 0.25, 0.2501, 0.9, 3.99, 4] {
        let shift = grid.shift(largestScale: scale)
        let set = MultiplierSet(scales: [scale / Double(1 << shift)])
        #expect(set?.leftShift == 0 || shift == shifts.upperBound)
      }
    }
    #expect(WeightGrid.int8.shift(largestScale: 9) == 0)
  }

  @Test("Where grids lie: behind a folded batch norm, a fused ReLU, through pools and side by side")
  func places() throws {
    let network = try Network(
      text: """
        input 12x12x2
        batchnorm
        conv 3x3 6 bias=no
        batchnorm
        maxpool 2x2
        relu
        trunk: depthwise 3x3 padding=same
        batchnorm
        dropout 0.3
        conv 1x1 6
        concat batchnorm3
        relu
        dense 8 bias=no
        softmax
        """)
    let found = try Quantization(of: network, choosing: GridChoice(.int4))
    #expect(
      found.weights == [
        .init(
          layer: "batchnorm1", grid: .int4, input: "input", output: "batchnorm1",
          batchNorms: ["batchnorm1"]),
        .init(
          layer: "conv1", grid: .int4, input: "batchnorm1", output: "relu1",
          batchNorms: ["batchnorm2"]),
        .init(
          layer: "trunk", grid: .int4, input: "relu1", output: "batchnorm3",
          batchNorms: ["batchnorm3"]),
        .init(layer: "conv2", grid: .int4, input: "batchnorm3", output: "relu2"),
        .init(layer: "dense1", grid: .int4, input: "relu2", output: "dense1"),
      ])
    #expect(
      found.ranges.keys.sorted() == ["batchnorm1", "batchnorm3", "dense1", "relu1", "relu2"])
  }
}
