import Foundation
import Network

@testable import Train

/// Networks of awkward shapes that together use every layer in every way it can be used.
let awkwardNetworks = [
  // Odd kernels and strides, padding uneven, channels 3, 5 and 17.
  """
  input 7x5x3
  conv 3x2 5
  relu
  conv 2x3 17 stride=2x1 padding=same bias=no
  dense 3
  """,
  // Convolutions made of tiles, which are cut at the right and below or not, padded and not, of a picture and of
  // values; 8, 17 and 40 channels.
  """
  input 6x7x9
  conv 3 8
  relu
  conv 3 17 padding=same bias=no
  conv 3 8 padding=same
  add conv1
  conv 2 40 stride=2
  dense 3
  """,
  // Groups, with a channel count that no block divides.
  """
  input 5x6x4
  conv 3 6 groups=2 padding=same
  conv 1 10 groups=2 bias=no
  conv 3x1 2 stride=2 groups=2
  dense 3 bias=no
  """,
  // Depthwise, padded and not, with one channel and with 17.
  """
  input 6x7x1
  depthwise 3 padding=same stride=2
  conv 1 17
  depthwise 2x3 bias=no
  relu
  dense 4
  """,
  // Batch norms alone, before a rectifier, and read twice.
  """
  input 4x5x2
  batchnorm
  conv 3 5 bias=no
  batchnorm
  relu
  conv 1 5 bias=no
  batchnorm
  relu
  add batchnorm3
  batchnorm
  dense 3
  """,
  // Groups whose bundles fill vectors exactly, leave a rest, hold all groups or one, of strides, gaps and padding.
  """
  input 7x6x10
  conv 3x2 20 groups=10 padding=same stride=2x1
  conv 2 60 groups=5 padding=same dilation=2
  conv 1 16 bias=no
  conv 3 32 groups=2 padding=same stride=2
  conv 2x1 96 groups=4 bias=no
  tanh
  dense 3
  """,
  // Groups read by others too, and by a convolution that moves by more than its kernel.
  """
  input 7x8x3
  conv 1 12
  trunk: conv 3 12 groups=12 padding=same
  conv 3 12 groups=3 padding=same dilation=2
  add trunk
  one: dense 3
  conv 1 8 stride=3x2 from=trunk
  dense 3
  add one
  """,
  // Depthwise of whole wide vectors and not, moving by a pixel and more, with gaps; read twice; of one pixel.
  """
  input 6x7x2
  conv 1 16
  depthwise 3 padding=same
  trunk: depthwise 2x3 padding=same dilation=2 bias=no
  depthwise 3x1 stride=2x3 padding=same
  conv 1 24
  depthwise 2 dilation=2
  depthwise 1
  depthwise 3 padding=same
  dense 4
  depthwise 5 padding=same from=trunk
  add trunk
  depthwise 3 stride=2
  dense 4
  add dense1
  """,
  // Batch norms of whole wide vectors, whose outputs are read again behind the next one.
  """
  input 5x4x3
  conv 3 16 padding=same bias=no
  batchnorm
  relu
  conv 3 16 padding=same bias=no
  batchnorm
  add relu1
  relu
  conv 1 32 stride=2 bias=no
  batchnorm
  relu6
  globalavgpool
  dense 3
  """,
  // Pools that leave a rest and that overlap.
  """
  input 9x7x3
  conv 2 5
  maxpool 3x2 stride=2x1
  conv 1 6 bias=no
  avgpool 2 stride=1
  relu
  conv 1 4
  globalavgpool
  dense 3
  """,
  // Residuals: of the picture, of one value twice, and around a rectifier; a layer that leads nowhere.
  """
  input 4x4x3
  first: conv 3 3 padding=same
  add input
  relu
  conv 1 3 from=relu1
  add relu1
  add add2
  nowhere: conv 2 7 from=first
  relu from=add3
  maxpool 2
  dense 5
  softmax
  """,
  // Windows with gaps, with groups and padding, and depthwise.
  """
  input 9x8x4
  conv 3x2 6 dilation=2 padding=same
  conv 2 4 dilation=3 groups=2
  depthwise 2x3 dilation=2 padding=same bias=no
  globalmaxpool
  dense 3
  """,
  // Every function of one value.
  """
  input 4x3x2
  conv 2 5
  sigmoid
  conv 1 4
  tanh
  conv 1 6
  leakyrelu 0.1
  conv 1 5
  hardswish
  conv 1 8
  relu6
  dense 3
  """,
  // Two inputs, one of them twice, and values that only move.
  """
  input 4x3x2
  gate: conv 1 5
  sigmoid
  trunk: conv 1 5 from=input
  multiply sigmoid1
  multiply trunk
  square: multiply multiply2
  concat gate
  concat square
  pad top=1 left=2
  conv 2 4
  upsample 2x3
  conv 1 3
  reshape 4x6x12
  conv 2 2
  flatten
  dense 3
  """,
  // Pools of whole wide vectors; one pixel; an argmax on the way, through which nothing is learned.
  """
  input 6x5x2
  conv 2 16
  trunk: maxpool 2 stride=1
  maxpool 2x3
  flatten
  wide: dense 3
  argmax from=trunk
  concat trunk
  avgpool 3x2 stride=1x2
  globalmaxpool
  upsample 2
  maxpool 1 stride=2
  leakyrelu 0.2
  dense 3
  add wide
  """,
  // Concatenations of channels that fill no vectors, upsampled, and read again.
  """
  input 3x3x2
  a: conv 2 3
  b: conv 2 9 from=input
  concat a
  both: concat concat1
  c: upsample 2x3 from=a
  conv 3x4 24
  hardswish
  upsample 2
  d: conv 1 3
  add c
  multiply d
  dense 3
  one: globalavgpool from=both
  dense 3
  multiply dense1
  """,
  // A softmax on the way, and dense layers on end.
  """
  input 3x2x5
  relu
  conv 2x1 4
  softmax
  dense 18
  relu
  dropout 0
  dense 3
  softmax
  """,
]

/// Reads a network and gives it random parameters, none of them special.
func sampleNetwork(_ text: String, seed: UInt64) throws -> Network {
  var network = try Network(text: text)
  var random = SplitMix(seed: seed)
  for (name, parameter) in network.parameterShapes {
    let isSpread = name.hasSuffix("variance") || name.hasPrefix("batchnorm")
    let values = (0..<parameter.count).map { _ in
      isSpread ? 0.5 + random.unit() : random.symmetric(0.6)
    }
    network.parameters[name] = Tensor(shape: parameter.shape, values: values)
  }
  return network
}

/// Random 8-bit pictures with random labels.
func sampleDataset(_ shape: Shape, count: Int, labels: Int, seed: UInt64) throws -> Dataset {
  var random = SplitMix(seed: seed)
  let pixels = Data((0..<shape.count * count).map { _ in UInt8(random.below(256)) })
  let values = (0..<count).map { _ in UInt8(random.below(labels)) }
  return try Dataset(
    shape: shape, pixels: pixels, labels: values, labelNames: (0..<labels).map(String.init))
}

/// Something to learn: noise with a bright bar whose row is the label.
func barDataset(count: Int, seed: UInt64) throws -> Dataset {
  let shape = Shape(height: 6, width: 5, channels: 1)
  var random = SplitMix(seed: seed)
  var pixels = Data()
  var labels: [UInt8] = []
  for _ in 0..<count {
    let label = random.below(4)
    labels.append(UInt8(label))
    for row in 0..<shape.height {
      for _ in 0..<shape.width {
        pixels.append(UInt8(random.below(100) + (row == label + 1 ? 120 : 0)))
      }
    }
  }
  return try Dataset(
    shape: shape, pixels: pixels, labels: labels, labelNames: ["a", "b", "c", "d"])
}

/// A network for `barDataset` with everything in it that could depend on order.
let barNetworkText = """
  input 6x5x1
  conv 3 4 bias=no
  batchnorm
  relu
  dropout 0.1
  conv 1 5
  relu
  dense 4
  """

/// Another, in which no layer waits for the batch, and a convolution is made of tiles.
let tiledNetworkText = """
  input 6x5x1
  conv 3 8 padding=same
  relu
  conv 3 9 padding=same
  relu
  maxpool 2
  dense 4
  """

extension Dataset {
  /// A picture as floats.
  func floats(at position: Int) -> [Float] {
    withPicture(at: position) { $0.map { Float($0) / 255 } }
  }
}

/// One step's mean loss, and its gradients by name.
func stepGradients(
  _ network: Network, _ pictures: [[Float]], labels: [Int], smoothing: Float
) -> (loss: Double, gradients: [String: [Float]]) {
  let engine = Engine(
    network, purpose: .training, batch: pictures.count, workers: Workers(count: 1))
  let loss = Loss(
    labelSmoothing: smoothing, labelCount: network.logitsShape.channels, batchCount: pictures.count
  )
  let (channels, stride) = (network.input.channels, engine.pictureStride)
  // Twice: what the first batch left in memory must not matter.
  var sum = (loss: 0.0, correct: 0)
  for _ in 0..<2 {
    sum = engine.train(pictures: pictures.count, seed: 1, loss: loss) { index, values, _ in
      for (place, value) in pictures[index].enumerated() {
        values[place / channels * stride + place % channels] = value
      }
      return labels[index]
    }
  }
  let total = Memory<Float>(count: engine.layout.trainedCount.roundedUpToBorder)
  engine.addGradients(
    pictures: pictures.count, 0..<engine.layout.trainedCount, into: total.start)
  var gradients: [String: [Float]] = [:]
  for entry in engine.layout.entries where entry.shape.isTrained {
    gradients[entry.name] = entry.range.map { total.start[$0] }
  }
  return (sum.loss / Double(pictures.count), gradients)
}

extension Network {
  /// Sets parts of the parameters to 0.
  mutating func clear(_ slices: [ParameterSlice]) {
    for slice in slices {
      for place in slice.places() { parameters[slice.name]?.values[place] = 0 }
    }
  }
}
