import Network
import Testing

@Suite struct QuantizationTests {
  @Test(
    "A choice of grids reads as it is written",
    arguments: ["int8", "ternary", "int4 conv1:int8 dense1:int2"])
  func choice(text: String) throws {
    let choice = try #require(GridChoice(text: text))
    #expect(choice.text == text)
  }

  @Test("Layers without an exception have the first grid")
  func exceptions() throws {
    let choice = try #require(GridChoice(text: "int2  a/b.c:int8"))
    #expect(choice.grid(of: "a/b.c") == .int8 && choice.grid(of: "conv1") == .int2)
  }

  @Test(
    "What is no choice is refused",
    arguments: [
      "", "none", "int3", "conv1:int8", "int8 conv1", "int8 conv1:", "int8 :int4",
      "int8 a:int4:int4",
      "int8 a:int4 a:int2", "int8 int4",
    ])
  func refused(text: String) { #expect(GridChoice(text: text) == nil) }

  /// A checkpoint of a network that was trained for grids.
  private func checkpoint() throws -> Checkpoint {
    var network = try Network(text: "input 2x2x1\nconv 2x2 2\nbatchnorm\nrelu\ndense 3 bias=no")
    for shape in network.parameterShapes {
      network.parameters[shape.name] = Tensor(shape: shape.parameter.shape, repeating: 0.5)
    }
    network.quantization = Quantization(
      weights: [
        Quantization.Weights(
          layer: "conv1", grid: .int4, input: "input", output: "relu1", batchNorms: ["batchnorm1"]),
        Quantization.Weights(layer: "dense1", grid: .int8, input: "relu1", output: "dense1"),
      ],
      ranges: ["relu1": ActivationRange(0, 1.7), "dense1": ActivationRange(-0.3, 2)])
    return Checkpoint(network: network, metadata: ["seed": "7"])
  }

  @Test("A checkpoint keeps the grids")
  func roundTrip() throws {
    let checkpoint = try checkpoint()
    #expect(try Checkpoint(bytes: checkpoint.bytes) == checkpoint)
  }

  @Test("A range always holds 0")
  func range() {
    #expect(ActivationRange(1, 2) == ActivationRange(0, 2))
    #expect(ActivationRange(-3, -2) == ActivationRange(-3, 0))
    #expect(ActivationRange(0, 255).grid == ActivationQuantization(scale: 1, zeroPoint: -128))
  }

  @Test(
    "Grids that don't fit the network are refused",
    arguments: [
      (
        "conv1 int4 input",
        "expected LAYER GRID INPUT OUTPUT BATCHNORM..., found 'conv1 int4 input'"
      ),
      (
        "conv1 int3 input relu1",
        "expected LAYER GRID INPUT OUTPUT BATCHNORM..., found 'conv1 int3 input relu1'"
      ),
      ("conv9 int4 input relu1", "the network has no layer conv9"),
      ("conv1 int4 input relu9", "the network has no layer relu9"),
      ("relu1 int4 input relu1", "layer relu1 has no weights to quantize"),
      ("conv1 int4 input relu1 dense1", "dense1 is no batch norm that fits behind conv1"),
      (
        "dense1 int4 relu1 dense1 batchnorm1", "batchnorm1 is no batch norm that fits behind dense1"
      ),
    ])
  func badText(text: String, reason: String) throws {
    var file = try Safetensors(bytes: checkpoint().bytes)
    file.metadata["quantization"] = text
    #expect(throws: CheckpointError.metadata("quantization", reason: reason)) {
      try Checkpoint(bytes: file.bytes)
    }
  }

  @Test("Ranges that don't hold 0, have no layer or no quantization are refused")
  func badRanges() throws {
    let file = try Safetensors(bytes: checkpoint().bytes)
    var changed = file
    changed.tensors["relu1.quantized_range"]?.values = [0.5, 1]
    #expect(
      throws: CheckpointError.metadata(
        "quantization", reason: "the range of relu1 must hold 0, found 0.5 ... 1.0")
    ) { try Checkpoint(bytes: changed.bytes) }
    changed = file
    changed.tensors["relu9.quantized_range"] = Tensor(shape: [2], values: [0, 1])
    #expect(throws: CheckpointError.extraTensor("relu9.quantized_range")) {
      try Checkpoint(bytes: changed.bytes)
    }
    changed = file
    changed.metadata["quantization"] = nil
    #expect(throws: CheckpointError.extraTensor("dense1.quantized_range")) {
      try Checkpoint(bytes: changed.bytes)
    }
  }
}
