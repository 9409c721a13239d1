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
        "input 28x28x1\nconv" + String(repeating: "v", count: 900),
        "network line 2: unknown layer 'conv\(String(repeating: "v", count: 60))…', did you mean 'conv'?"
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
        "network line 1: the picture has 6000000 values, at most 4194304 are allowed"
      ),
      (
        "input 65536x65536x65536\nupsample 65536",
        "network line 1: the picture has 281474976710656 values, at most 4194304 are allowed"
      ),
      (
        "input 2048x2048x1\nupsample 65536",
        "network line 2: layer upsample1: the activation has 18014398509481984 values, at most 4194304 are allowed"
      ),
      (
        "input 1x1x65536\nconv 65536 65536 padding=same",
        "network line 2: layer conv1: with its padding the input has 281474976710656 values, at most 4194304 are allowed"
      ),
      (
        "input 3x3x65536\ndepthwise 3 dilation=65536 stride=65536 padding=same",
        "network line 2: layer depthwise1: with its padding the input has 1125917086777344 values, at most 4194304 are allowed"
      ),
      (
        "input 28x28x1\nconv 3x3 70000",
        "network line 2: expected a number of output channels, no number above 65536, found '70000'"
      ),
      (
        "input 28x28x1\nconv 99999999999999999999 8",
        "network line 2: expected a kernel size, for instance 3x3, no number above 65536, found '99999999999999999999'"
      ),
      (
        "input 28x28x1\nconv 0x3 8",
        "network line 2: expected a kernel size, for instance 3x3, found '0x3'"
      ),
      (
        "input 4x4x3\nadd later\nlater: relu",
        "network line 2: expected a layer of an earlier line, found 'later' of line 3"
      ),
      (
        "input 4x4x3\nrelu from=relu2\nrelu",
        "network line 2: expected a layer of an earlier line, found 'relu2' of line 3"
      ),
      (
        "input 4x4x3\nself: add self",
        "network line 2: expected a layer of an earlier line, found 'self' of line 2"
      ),
      (
        "input 4x4x3\ntrunk: relu\nadd trnk",
        "network line 3: unknown layer name 'trnk', did you mean 'trunk'?"
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

  @Test("A network has no more than 4096 layers")
  func layers() throws {
    let most = "input 1x1x1\n" + String(repeating: "relu\n", count: Network.layerLimit)
    #expect(try Network(text: most).layers.count == Network.layerLimit)
    #expect(
      throws: NetworkTextError.network(
        line: Network.layerLimit + 2,
        .tooLarge(.layers, found: Network.layerLimit + 1, limit: Network.layerLimit))
    ) { try Network(text: most + "relu\n") }
  }

  @Test("All activations together are limited")
  func allActivations() {
    let text = "input 2048x2048x1\n" + String(repeating: "relu\n", count: 17)
    #expect(
      throws: NetworkTextError.network(
        line: 18,
        .tooLarge(
          .allActivations(layer: "relu17"), found: 17 << 22, limit: Network.allActivationsLimit))
    ) { try Network(text: text) }
  }

  @Test("Parameters are counted where their number doesn't fit a machine's word")
  func manyParameters() {
    #expect(ParameterShape("weight", [1 << 16, 1 << 16, 1 << 16, 1 << 15]).count == .max)
    #expect(
      throws: NetworkTextError.network(
        line: 2,
        .tooLarge(
          .parameters(layer: "conv1"), found: 64 * 64 * 1024 * 4096 + 4096,
          limit: Network.parameterLimit))
    ) { try Network(text: "input 64x64x1024\nconv 64x64 4096") }
  }

  /// The next of a seed's numbers, below a bound.
  private struct Draw {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }

    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }
  }

  @Test("No words in any order trap", arguments: [UInt64(1)])
  func noise(seed: UInt64) {
    let words = [
      "input", "28x28x1", "conv", "3x3", "0x3", "-1", "dense", "99999999999999999999", "add", "a:",
      "stride=0", "upsample", "65536", "65536x65536", "padding=same", "dilation=65536", "relu1",
      "groups=0", "groups=4", "from=x", "from=a", "\n", "\n", "\n", "dropout", "2", "1e99", "é",
      "=",
      ":", "concat", "flatten", "pad", "top=65536", "depthwise", "maxpool",
    ]
    var draw = Draw(state: seed)
    for _ in 0..<3_000 {
      var text = "input 4x4x1\n"
      for _ in 0..<12 { text += draw.pick(words) + " " }
      _ = try? Network(text: text)
    }
  }

  @Test(
    "No change to a good text traps, and what is still a network comes back",
    arguments: [UInt64(2)])
  func mutations(seed: UInt64) throws {
    let numbers = ["0", "1", "2", "7", "64", "4096", "65535", "65536", "65537", "4294967296", "-1"]
    var draw = Draw(state: seed)
    var (good, bad) = (0, 0)
    for round in 0..<4_000 {
      var text = Array(Preset.allCases[round % Preset.allCases.count].text)
      for _ in 0...draw.below(3) {
        let place = draw.below(text.count)
        switch draw.below(5) {
        case 0: text.remove(at: place)
        case 1: text.insert(text[draw.below(text.count)], at: place)
        case 2: text[place] = Character(UnicodeScalar(UInt8(draw.below(256))))
        case 3:
          // A number becomes another.
          guard let first = text[place...].firstIndex(where: \.isNumber) else { continue }
          let end = text[first...].firstIndex { !$0.isNumber } ?? text.count
          text.replaceSubrange(first..<end, with: draw.pick(numbers))
        default:
          // A line comes again elsewhere.
          let lines = text.split(separator: "\n")
          text.insert(contentsOf: "\n" + draw.pick(lines) + "\n", at: place)
        }
      }
      do throws(NetworkTextError) {
        let network = try Network(text: String(text))
        good += 1
        #expect(throws: Never.self) {
          let again = try Network(text: network.text)
          #expect(again == network, "seed \(seed), round \(round)")
        }
      } catch {
        bad += 1
        #expect(!"\(error)".contains("\n"), "seed \(seed), round \(round)")
      }
    }
    #expect(good > 100 && bad > 100)
  }
}
