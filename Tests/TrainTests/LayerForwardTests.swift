import Network
import Testing

@testable import Train

@Suite struct LayerForwardTests {
  @Test(
    "every layer's output is the oracle's, for a rest of a block too", arguments: awkwardNetworks)
  func forward(text: String) throws {
    let network = try sampleNetwork(text, seed: 11)
    let dataset = try sampleDataset(network.input, count: 19, labels: 3, seed: 12)
    let pictures = (0..<dataset.count).map { dataset.floats(at: $0).map(Double.init) }
    var oracle = Oracle(network)
    oracle.isTraining = false
    let expected = oracle.outputs(pictures)
    var visits: [[Int]] = []
    try network.forEachActivation(of: dataset, at: 0..<dataset.count) { layer, position, values in
      visits.append([position, layer])
      let wanted = expected[layer][position].values
      #expect(values.count == wanted.count)
      for (found, wanted) in zip(values, wanted) {
        #expect(abs(Double(found) - wanted) < 2e-5 * max(1, abs(wanted)))
      }
    }
    #expect(
      visits == (0..<19).flatMap { picture in network.layers.indices.map { [picture, $0] } })
  }

  @Test("evaluation counts what the activations say", arguments: [1, 2, 3])
  func evaluation(threads: Int) throws {
    let network = try sampleNetwork(awkwardNetworks[0], seed: 3)
    let dataset = try sampleDataset(network.input, count: 50, labels: 3, seed: 4)
    var confusion = [[Int]](repeating: [0, 0, 0], count: 3)
    try network.forEachActivation(of: dataset, at: 0..<50) { layer, position, values in
      guard layer == network.layers.count - 1 else { return }
      let answer = values.indices.max { values[$0] < values[$1] }!
      confusion[dataset.label(at: position)][answer] += 1
    }
    let evaluation = try Evaluation(of: network, on: dataset, threads: threads)
    #expect(evaluation.confusion == confusion)
    #expect(evaluation.count == 50)
    #expect(evaluation.correct == confusion[0][0] + confusion[1][1] + confusion[2][2])
    #expect(evaluation.accuracy == Double(evaluation.correct) / 50)
  }

  @Test("A final argmax gives the same answers as without")
  func argmax() throws {
    let network = try sampleNetwork(awkwardNetworks[0], seed: 3)
    var other = try Network(text: network.text + "softmax\nargmax\n")
    other.parameters = network.parameters
    let dataset = try sampleDataset(network.input, count: 50, labels: 3, seed: 4)
    #expect(
      try Evaluation(of: other, on: dataset, threads: 1)
        == Evaluation(of: network, on: dataset, threads: 1))
  }

  @Test("answers beyond the 256th are counted, too")
  func manyOutputs() throws {
    var network = try sampleNetwork("input 2x2x1\ndense 300\n", seed: 1)
    network.parameters["dense1.bias"]?.values[299] = 1000
    let dataset = try sampleDataset(network.input, count: 20, labels: 3, seed: 1)
    let evaluation = try Evaluation(of: network, on: dataset, threads: 1)
    #expect(evaluation.confusion.reduce(0) { $0 + $1[299] } == 20)
    #expect(evaluation.correct == 0)
  }

  @Test("pictures that don't fit are refused")
  func misfits() throws {
    let network = try sampleNetwork(awkwardNetworks[0], seed: 3)
    let shape = Shape(height: 5, width: 5, channels: 3)
    let dataset = try sampleDataset(shape, count: 2, labels: 3, seed: 1)
    #expect(throws: TrainingError.pictureShape(expected: network.input, found: shape)) {
      try Evaluation(of: network, on: dataset, threads: 1)
    }
    let many = try sampleDataset(network.input, count: 2, labels: 4, seed: 1)
    #expect(throws: TrainingError.labelCount(outputs: 3, labels: 4)) {
      try Evaluation(of: network, on: many, threads: 1)
    }
    let wide = try sampleNetwork("input 7x5x3\nconv 3 3\n", seed: 1)
    #expect(throws: TrainingError.outputShape(wide.output)) {
      try Evaluation(of: wide, on: many, threads: 1)
    }
  }
}
