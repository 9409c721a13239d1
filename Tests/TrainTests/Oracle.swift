import Foundation
import Network

/// A network computed the slow way, in double and from the definitions: it shares no code with what it checks.
struct Oracle {
  var network: Network
  /// Every parameter, in double, so that a test can move one by very little.
  var parameters: [String: [Double]]
  /// Whether batch norms use the batch's own statistics.
  var isTraining = true

  init(_ network: Network) {
    self.network = network
    parameters = network.parameters.mapValues { $0.values.map(Double.init) }
  }

  /// One activation: height x width x channels with a question for what lies outside.
  struct Activation {
    var shape: Shape
    var values: [Double]

    subscript(y: Int, x: Int, c: Int) -> Double {
      get { values[(y * shape.width + x) * shape.channels + c] }
      set { values[(y * shape.width + x) * shape.channels + c] = newValue }
    }

    init(_ shape: Shape) {
      self.shape = shape
      values = [Double](repeating: 0, count: shape.count)
    }

    init(_ shape: Shape, _ values: [Double]) {
      self.shape = shape
      self.values = values
    }

    func contains(_ y: Int, _ x: Int) -> Bool {
      (0..<shape.height).contains(y) && (0..<shape.width).contains(x)
    }
  }

  /// Every layer's output for every picture: `[layer][picture]`.
  func outputs(_ pictures: [[Double]]) -> [[Activation]] {
    let input = pictures.map { Activation(network.input, $0) }
    var outputs: [[Activation]] = []
    for (index, layer) in network.layers.enumerated() {
      let inputs = layer.inputs.map { source in
        switch source {
        case .picture: input
        case .layer(let index): outputs[index]
        }
      }
      if case .batchNorm = layer.operation {
        outputs.append(batchNorm(layer.name, inputs[0]))
      } else {
        outputs.append(
          pictures.indices.map { picture in
            output(layer, inputs.map { $0[picture] }, network.shapes[index])
          })
      }
    }
    return outputs
  }

  /// The mean cross entropy of the softmax of the logits; a final softmax layer is not applied twice.
  func loss(_ pictures: [[Double]], labels: [Int], smoothing: Double = 0) -> Double {
    let outputs = outputs(pictures)
    var isSoftmax = false
    if case .softmax = network.layers[network.layers.count - 1].operation { isSoftmax = true }
    var sum = 0.0
    for (picture, label) in labels.enumerated() {
      let values = outputs[outputs.count - 1][picture].values
      let total = values.reduce(0) { $0 + exp($1) }
      let logs = values.map { isSoftmax ? log($0) : $0 - log(total) }
      let even = logs.reduce(0, +) / Double(logs.count)
      sum -= (1 - smoothing) * logs[label] + smoothing * even
    }
    return sum / Double(labels.count)
  }

  private func batchNorm(_ name: String, _ input: [Activation]) -> [Activation] {
    var output = input
    for c in 0..<input[0].shape.channels {
      let places = stride(from: c, to: input[0].values.count, by: input[0].shape.channels)
      let all = input.flatMap { picture in places.map { picture.values[$0] } }
      var mean = all.reduce(0, +) / Double(all.count)
      var variance = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count)
      if !isTraining {
        mean = parameters["\(name).running_mean"]![c]
        variance = parameters["\(name).running_variance"]![c]
      }
      let weight = parameters["\(name).weight"]![c]
      let bias = parameters["\(name).bias"]![c]
      for picture in input.indices {
        for place in places {
          let value = input[picture].values[place]
          output[picture].values[place] =
            weight * (value - mean) / (variance + 1e-5).squareRoot() + bias
        }
      }
    }
    return output
  }

  private func output(_ layer: Layer, _ inputs: [Activation], _ shape: Shape) -> Activation {
    let input = inputs[0]
    switch layer.operation {
    case .conv2D(let kind):
      let groupInputs = input.shape.channels / kind.groups
      let groupOutputs = shape.channels / kind.groups
      let weight = parameters["\(layer.name).weight"]!
      return windowed(input, shape, kind.window, bias: parameters["\(layer.name).bias"]) {
        y, x, c, value in
        (0..<groupInputs).reduce(0) { sum, i in
          let place = (y * kind.window.kernel.width + x) * groupInputs + i
          return sum + weight[c * kind.window.kernel.count * groupInputs + place]
            * value(c / groupOutputs * groupInputs + i)
        }
      }
    case .depthwiseConv2D(let kind):
      let weight = parameters["\(layer.name).weight"]!
      return windowed(input, shape, kind.window, bias: parameters["\(layer.name).bias"]) {
        y, x, c, value in
        weight[(y * kind.window.kernel.width + x) * shape.channels + c] * value(c)
      }
    case .dense(let kind):
      let weight = parameters["\(layer.name).weight"]!
      let bias = parameters["\(layer.name).bias"]
      let count = input.values.count
      var outputs: [Double] = []
      for output in 0..<kind.outputs {
        var sum = bias?[output] ?? 0
        for index in 0..<count { sum += weight[output * count + index] * input.values[index] }
        outputs.append(sum)
      }
      return Activation(shape, outputs)
    case .maxPool2D(let kind):
      return pooled(input, shape, kind.window) { $0.max()! }
    case .averagePool2D(let kind):
      return pooled(input, shape, kind.window) { $0.reduce(0, +) / Double($0.count) }
    case .globalMaxPool:
      let size = Size(height: input.shape.height, width: input.shape.width)
      return pooled(input, shape, Window(kernel: size)) { $0.max()! }
    case .globalAveragePool:
      let size = Size(height: input.shape.height, width: input.shape.width)
      return pooled(input, shape, Window(kernel: size)) { $0.reduce(0, +) / Double($0.count) }
    case .relu:
      return Activation(shape, input.values.map { max($0, 0) })
    case .dropout, .batchNorm:
      return input
    case .activation(.relu6):
      return Activation(shape, input.values.map { $0 < 0 ? 0 : $0 > 6 ? 6 : $0 })
    case .activation(.leakyReLU(let slope)):
      return Activation(shape, input.values.map { $0 < 0 ? Double(slope) * $0 : $0 })
    case .activation(.sigmoid):
      return Activation(shape, input.values.map { 0.5 + 0.5 * sinh($0 / 2) / cosh($0 / 2) })
    case .activation(.tanh):
      return Activation(shape, input.values.map { sinh($0) / cosh($0) })
    case .activation(.hardSwish):
      return Activation(
        shape, input.values.map { $0 < -3 ? 0 : $0 > 3 ? $0 : $0 * ($0 + 3) / 6 })
    case .multiply:
      return Activation(shape, zip(input.values, inputs[1].values).map(*))
    case .reshape:
      return Activation(shape, input.values)
    case .concat, .pad, .upsample, .argmax:
      return rearranged(layer.operation, inputs, shape)
    case .add:
      return Activation(shape, zip(input.values, inputs[1].values).map(+))
    case .softmax:
      var output = Activation(shape)
      for y in 0..<shape.height {
        for x in 0..<shape.width {
          let total = (0..<shape.channels).reduce(0) { $0 + exp(input[y, x, $1]) }
          for c in 0..<shape.channels { output[y, x, c] = exp(input[y, x, c]) / total }
        }
      }
      return output
    }
  }

  private func rearranged(
    _ operation: Layer.Operation, _ inputs: [Activation], _ shape: Shape
  ) -> Activation {
    let input = inputs[0]
    let channels = input.shape.channels
    var output = Activation(shape)
    for y in 0..<shape.height {
      for x in 0..<shape.width {
        for c in 0..<shape.channels {
          switch operation {
          case .concat:
            output[y, x, c] = c < channels ? input[y, x, c] : inputs[1][y, x, c - channels]
          case .pad(let kind):
            let (iy, ix) = (y - kind.margins.top, x - kind.margins.left)
            if input.contains(iy, ix) { output[y, x, c] = input[iy, ix, c] }
          case .upsample(let kind):
            output[y, x, c] = input[y / kind.factors.height, x / kind.factors.width, c]
          default:
            let pixel = (0..<channels).map { input[y, x, $0] }
            output[y, x, c] = Double(pixel.firstIndex(of: pixel.max()!)!)
          }
        }
      }
    }
    return output
  }

  /// Sums `term` over the pixels under each window that lie inside the picture.
  private func windowed(
    _ input: Activation, _ shape: Shape, _ window: Window, bias: [Double]?,
    _ term: (_ y: Int, _ x: Int, _ channel: Int, _ value: (Int) -> Double) -> Double
  ) -> Activation {
    let (top, left) = before(input.shape, window)
    var output = Activation(shape)
    for oy in 0..<shape.height {
      for ox in 0..<shape.width {
        for c in 0..<shape.channels {
          var sum = bias?[c] ?? 0
          for y in 0..<window.kernel.height {
            for x in 0..<window.kernel.width {
              let iy = oy * window.stride.height + y * window.dilation - top
              let ix = ox * window.stride.width + x * window.dilation - left
              if input.contains(iy, ix) { sum += term(y, x, c) { input[iy, ix, $0] } }
            }
          }
          output[oy, ox, c] = sum
        }
      }
    }
    return output
  }

  private func pooled(
    _ input: Activation, _ shape: Shape, _ window: Window, _ pool: ([Double]) -> Double
  ) -> Activation {
    var output = Activation(shape)
    for oy in 0..<shape.height {
      for ox in 0..<shape.width {
        for c in 0..<shape.channels {
          var values: [Double] = []
          for y in 0..<window.kernel.height {
            for x in 0..<window.kernel.width {
              values.append(
                input[oy * window.stride.height + y, ox * window.stride.width + x, c])
            }
          }
          output[oy, ox, c] = pool(values)
        }
      }
    }
    return output
  }

  /// The rows above and the columns left of the picture, as TensorFlow pads.
  private func before(_ shape: Shape, _ window: Window) -> (Int, Int) {
    guard window.padding == .same else { return (0, 0) }
    func half(_ input: Int, _ kernel: Int, _ stride: Int) -> Int {
      let output = Int((Double(input) / Double(stride)).rounded(.up))
      return max(0, (output - 1) * stride + kernel - input) / 2
    }
    return (
      half(shape.height, window.extent.height, window.stride.height),
      half(shape.width, window.extent.width, window.stride.width)
    )
  }
}
