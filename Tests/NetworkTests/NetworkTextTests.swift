import Network
import Testing

@Suite struct NetworkTextTests {
  @Test("Every keyword and option is read, and comes back in the canonical text")
  func everything() throws {
    let text = """
      # a comment
      input 16x16x4
      stem: conv 3 8 stride=2 padding=same bias=no   # a square kernel
      batchnorm
      relu
      depthwise 3x5 stride=1x2 padding=same
      branch: conv 1x1 8 groups=2
      conv 3x3 8 padding=same from=branch
      add branch
      maxpool 2
      avgpool 2x1 stride=1
      dropout 0.25
      globalavgpool
      dense 10 bias=no
      softmax
      """
    let network = try Network(text: text)
    #expect(
      network.layers.map(\.name) == [
        "stem", "batchnorm1", "relu1", "depthwise1", "branch", "conv3", "add1", "maxpool1",
        "avgpool1", "dropout1", "globalavgpool1", "dense1", "softmax1",
      ])
    #expect(network.layers[6].inputs == [.layer(5), .layer(4)])
    #expect(network.shapes[0] == Shape(height: 8, width: 8, channels: 8))
    #expect(try Network(text: network.text) == network)
  }

  @Test("Layers that move or bend values are read, and come back")
  func rearranged() throws {
    let text = """
      input 8x6x4
      gate: conv 3x3 4 padding=same dilation=2
      sigmoid
      leakyrelu 0.1
      tanh
      hardswish
      relu6
      multiply gate
      concat input
      pad top=1 right=2
      upsample 2x1
      reshape 9x8x16
      globalmaxpool
      flatten
      argmax

      """
    let network = try Network(text: text)
    #expect(
      network.shapes.suffix(8).map(\.description) == [
        "8x6x4", "8x6x8", "9x8x8", "18x8x8", "9x8x16", "1x1x16", "1x1x16", "1x1x1",
      ])
    #expect(network.text == text)
    #expect(try Network(text: network.text) == network)
  }

  @Test(
    "Each mistake has its line and words",
    arguments: [
      ("", "network text: expected a first line 'input HEIGHTxWIDTHxCHANNELS', found none"),
      ("input 28x28x1", "network text: expected a layer after the input, found none"),
      (
        "input 28x28x1\nconvv 3x3 4",
        "network line 2: unknown layer 'convv', did you mean 'conv'?"
      ),
      (
        "input 28x28x1\nconv 3x3 4 strid=2",
        "network line 2: unknown option of conv 'strid', did you mean 'stride'?"
      ),
      (
        "input 4x4x1\n\nconv 5x5 4",
        "network line 3: layer conv1: a window of 5x5 does not fit into 4x4x1"
      ),
      (
        "input 4x4x3\nconv 3x3 4 groups=2",
        "network line 2: layer conv1: 2 groups do not divide 3 input and 4 output channels"
      ),
      (
        "input 4x4x3\na: conv 1x1 4\nconv 1x1 5\nadd a",
        "network line 4: layer add1: the inputs have different shapes, 4x4x5 and 4x4x4"
      ),
      (
        "input 3000x2000x1\nrelu",
        "network line 2: layer relu1: the activation has 6000000 values, at most 4194304 are allowed"
      ),
      (
        "input 28x28x1\ndense 60000\ndense 60000",
        "network line 3: layer dense2: the network up to it has 3647160000 values, at most 67108864 are allowed"
      ),
      ("input 4x4x3\na: relu\na: relu", "network line 3: two layers are named a"),
      (
        "input 5x4x1\nconv 3x3 4 dilation=2",
        "network line 2: layer conv1: a window of 5x5 does not fit into 5x4x1"
      ),
      (
        "input 4x4x3\na: conv 2 4\nconcat input",
        "network line 3: layer concat1: the inputs have different heights or widths, 3x3x4 and 4x4x3"
      ),
      (
        "input 4x4x3\nreshape 4x4x4",
        "network line 2: layer reshape1: 4x4x3 has 48 values, 4x4x4 has 64"
      ),
      (
        "input 1x1x129\nargmax",
        "network line 2: layer argmax1: an argmax tells at most 128 channels apart, found 129"
      ),
      (
        "input 4x4x3\nmultiply",
        "network line 2: expected the name of a second layer to read, found 'end of line'"
      ),
      (
        "input 4x4x3\nconv 3x3 4 stride=2 stride=3", "network line 2: stride was given before"
      ),
    ])
  func mistakes(text: String, words: String) {
    do {
      _ = try Network(text: text)
      Issue.record("'\(text)' was taken")
    } catch { #expect("\(error)" == words) }
  }

  @Test("No text of any bytes traps")
  func noise() {
    let words = [
      "input", "28x28x1", "conv", "3x3", "0x3", "-1", "dense", "99999999999999999999", "add", "a:",
      "stride=0",
      "groups=0", "padding=same", "from=x", "\n", "\n", "\n", "dropout", "2", "1e99", "é", "=", ":",
    ]
    var state: UInt64 = 1
    for _ in 0..<3_000 {
      var text = "input 4x4x1\n"
      for _ in 0..<12 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += words[Int(state >> 33) % words.count] + " "
      }
      _ = try? Network(text: text)
    }
  }
}
