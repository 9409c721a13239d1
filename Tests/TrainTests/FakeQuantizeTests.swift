import Network
import Testing

@testable import Train

@Suite struct FakeQuantizeTests {
  /// Values of three channels on 2x5 pixels put on the grid of a range, gradients of 1, ..., 30 sent back, and the range
  /// moved all the way to what was seen.
  private func run(
    _ values: [Float], range: ActivationRange
  ) throws -> (forward: [Float], backward: [Float], seen: [Float]) {
    let shape = Shape(height: 2, width: 5, channels: 3)
    precondition(values.count == shape.count)
    let memory = Memory<Float>([range.low, range.high])
    let math = FakeQuantizeMath(
      shape: shape, input: 1, output: 2, range: memory.start, sumOffset: 0, accumulatorOffset: 0)
    let count = shape.floatCount
    let network = try Network(text: "input \(shape)\nconv 1 3\nconv 1 3")
    let layout = MemoryLayoutPlan(network, Graph(network), forTraining: true)
    let picture = Picture(layout)
    let accumulators = Memory<Float>(count: 16)
    let context = Context(
      scratch: accumulators.start, accumulators: accumulators.start, seed: 0)
    // What fills up channels must not be seen.
    picture.activations[1].update(repeating: 1e6, count: count)
    func place(_ index: Int) -> Int { index / 3 * shape.pixelStride + index % 3 }
    for (index, value) in values.enumerated() {
      picture.activations[1][place(index)] = value
      picture.gradients[2][place(index)] = Float(index + 1)
    }
    math.settle()
    math.forward(picture, context)
    math.backward(picture, context)
    let block = Block(index: 0, pictures: 1, layout: layout, parameterCount: 0, sumCount: 2)
    math.finish(block, context)
    math.moveRange(to: [block], share: 1)
    return (
      values.indices.map { picture.activations[2][place($0)] },
      values.indices.map { picture.gradients[1][place($0)] }, [memory.start[0], memory.start[1]]
    )
  }

  /// Values around a range, its ends and far outside among them.
  private func draw(seed: UInt64) -> (values: [Float], range: ActivationRange) {
    var random = SplitMix(seed: seed)
    let range = ActivationRange(
      seed % 3 == 0 ? 0 : -Float.random(in: 0.01...3, using: &random),
      Float.random(in: 0.01...3, using: &random))
    var values = (0..<26).map { _ in Float.random(in: -4...4, using: &random) }
    values += [range.low, range.high, 3e7, -3e7]
    return (values, range)
  }

  @Test("values become those that the device stores", arguments: 0..<30 as Range<UInt64>)
  func forward(seed: UInt64) throws {
    let (values, range) = draw(seed: seed)
    let found = try run(values, range: range).forward
    for (value, found) in zip(values, found) {
      let expected = range.grid.real(range.grid.quantized(Double(value)))
      // A value that lies in the middle of two may fall to either, in float.
      let distance = abs(Double(value) / range.grid.scale).truncatingRemainder(dividingBy: 1) - 0.5
      let slack = abs(distance) < 1e-4 ? range.grid.scale : 0
      #expect(
        abs(Double(found) - expected) < 1e-6 * max(1, abs(expected)) + slack,
        "seed \(seed) \(value)")
    }
  }

  @Test("gradients pass inside the range and stop outside", arguments: 0..<30 as Range<UInt64>)
  func backward(seed: UInt64) throws {
    let (values, range) = draw(seed: seed)
    let found = try run(values, range: range).backward
    let grid = range.grid
    let (first, last) = (grid.real(-128) - grid.scale / 2, grid.real(127) + grid.scale / 2)
    for (index, value) in values.enumerated()
    where min(abs(Double(value) - first), abs(Double(value) - last)) > 1e-5 {
      let isInside = Double(value) > first && Double(value) < last
      #expect(found[index] == (isInside ? Float(index + 1) : 0), "seed \(seed) \(value)")
    }
  }

  @Test("what was seen is the least and the largest value, and 0", arguments: [4, 5, 6])
  func seen(seed: UInt64) throws {
    let (values, range) = draw(seed: seed)
    #expect(try run(values, range: range).seen == [-3e7, 3e7])
    let positive = values.map { abs($0).truncatingRemainder(dividingBy: 8) + 1 }
    #expect(try run(positive, range: range).seen == [0, positive.max()])
  }
}
