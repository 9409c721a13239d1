import Testing

@testable import Network
@testable import Train

@Suite struct GradientTests {
  /// One step's loss and gradients by name, over two blocks of which the second holds three pictures.
  private func gradients(
    _ network: Network, _ dataset: Dataset, smoothing: Float
  ) -> (loss: Double, gradients: [String: [Float]]) {
    stepGradients(
      network, (0..<dataset.count).map { dataset.floats(at: $0) },
      labels: (0..<dataset.count).map { dataset.label(at: $0) }, smoothing: smoothing)
  }

  @Test("gradients are the loss's finite differences", arguments: awkwardNetworks)
  func differences(text: String) throws {
    let network = try sampleNetwork(text, seed: 5)
    let dataset = try sampleDataset(network.input, count: 19, labels: 3, seed: 6)
    let pictures = (0..<dataset.count).map { dataset.floats(at: $0).map(Double.init) }
    let labels = (0..<dataset.count).map { dataset.label(at: $0) }
    let (loss, gradients) = gradients(network, dataset, smoothing: 0.1)
    var oracle = Oracle(network)
    #expect(abs(loss - oracle.loss(pictures, labels: labels, smoothing: 0.1)) < 1e-5)
    let step = 1e-5
    for (name, values) in gradients {
      // A few places of each parameter, the first and the last among them.
      let places = Set([0, values.count - 1, values.count / 2, values.count / 3])
      for place in places {
        let value = oracle.parameters[name]![place]
        oracle.parameters[name]![place] = value + step
        let above = oracle.loss(pictures, labels: labels, smoothing: 0.1)
        oracle.parameters[name]![place] = value - step
        let below = oracle.loss(pictures, labels: labels, smoothing: 0.1)
        oracle.parameters[name]![place] = value
        let expected = (above - below) / (2 * step)
        let found = Double(values[place])
        #expect(
          abs(found - expected) < 2e-5 + 1e-3 * abs(expected),
          "\(name)[\(place)]: expected \(expected), found \(found)")
      }
    }
  }

  @Test("the networks of these tests have every layer there is")
  func everyLayer() throws {
    let kinds = try awkwardNetworks.flatMap { try Network(text: $0).layers.map(\.operation.kind) }
    #expect(Set(kinds.map(\.keyword)) == Set(LayerReader.keywords))
  }

  @Test("a final argmax leaves the gradients what they are")
  func argmax() throws {
    let network = try sampleNetwork(awkwardNetworks[0], seed: 5)
    let dataset = try sampleDataset(network.input, count: 19, labels: 3, seed: 6)
    let expected = gradients(network, dataset, smoothing: 0.1)
    for end in ["argmax", "softmax\nargmax"] {
      var other = try Network(text: network.text + end)
      other.parameters = network.parameters
      let found = gradients(other, dataset, smoothing: 0.1)
      #expect(found.loss == expected.loss && found.gradients == expected.gradients)
    }
  }

  @Test("dropout zeros its share, scales up the rest, and lets the same gradients through")
  func dropout() throws {
    let network = try Network(text: "input 1x1x8000\ndense 8000 bias=no\ndropout 0.25\ndense 2")
    let count = 8000
    let edge = Edge(value: 1, accumulates: false)
    let math = DropoutMath(rate: 0.25, count: count / 8, input: edge, output: 2)
    let graph = Graph(network)
    let picture = Picture(MemoryLayoutPlan(network, graph, forTraining: true))
    let context = Context(
      scratch: picture.activations[0], accumulators: picture.activations[0], seed: 77)
    var zeros = 0
    var choices: Set<[Float]> = []
    for index in 0..<8 {
      picture.index = index
      picture.activations[1].update(repeating: 3, count: count)
      math.forward(picture, context)
      let forward = (0..<count).map { picture.activations[2][$0] }
      picture.gradients[2].update(repeating: 3, count: count)
      math.backward(picture, context)
      #expect((0..<count).allSatisfy { picture.gradients[1][$0] == forward[$0] })
      #expect(forward.allSatisfy { [0, 4].contains($0) })
      zeros += forward.filter { $0 == 0 }.count
      choices.insert(forward)
    }
    #expect(abs(Double(zeros) / Double(8 * count) - 0.25) < 0.01)
    #expect(choices.count == 8)
  }
}
