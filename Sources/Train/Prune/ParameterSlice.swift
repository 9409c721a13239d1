import Network

/// The end of a parameter's axes along which channels lie.
enum ChannelAxis: Hashable {
  case first
  case last
}

/// What one channel has of a parameter: one index along an axis.
struct ParameterSlice: Hashable {
  /// The layer's name.
  let layer: String
  /// The parameter, of which this is a part.
  let parameter: ParameterShape
  /// The axis, and the index along it.
  let axis: ChannelAxis
  let index: Int

  /// The parameter's name in a checkpoint.
  var name: String { "\(layer).\(parameter.name)" }

  /// Where its values are in a run of floats in which the parameter begins at `offset`.
  func places(from offset: Int = 0) -> StrideTo<Int> {
    switch axis {
    case .first:
      let run = parameter.count / parameter.shape[0]
      return stride(from: offset + index * run, to: offset + (index + 1) * run, by: 1)
    case .last:
      let step = parameter.shape[parameter.shape.count - 1]
      return stride(from: offset + index, to: offset + parameter.count, by: step)
    }
  }

  /// Where its values are in the flat run of all parameters.
  func places(in layout: ParameterLayout) -> StrideTo<Int> {
    guard let offset = layout.offset(layer, parameter.name) else {
      preconditionFailure("layer \(layer) has a parameter \(parameter.name)")
    }
    return places(from: offset)
  }
}

extension Layer.Operation {
  /// The axis of all of a layer's parameters along which the channels of its output lie.
  var outputAxis: ChannelAxis {
    switch self {
    case .depthwiseConv2D, .batchNorm: .last
    default: .first
    }
  }

  /// Whether every output is a sum over all channels of the input, which lie along the last axis of the weights, the layer's
  /// first parameter.
  var sumsChannels: Bool {
    switch self {
    case .conv2D(let conv): conv.groups == 1
    case .dense: true
    default: false
    }
  }
}

extension Tensor {
  /// What is left of it when only some indices along an axis are kept, in their order.
  func keeping(_ indices: [Int], along axis: ChannelAxis) -> Tensor {
    var shape = shape
    switch axis {
    case .first:
      let run = values.count / shape[0]
      shape[0] = indices.count
      return Tensor(
        shape: shape, values: indices.flatMap { values[$0 * run..<($0 + 1) * run] })
    case .last:
      let step = shape[shape.count - 1]
      shape[shape.count - 1] = indices.count
      let starts = stride(from: 0, to: values.count, by: step)
      return Tensor(
        shape: shape, values: starts.flatMap { start in indices.map { values[start + $0] } })
    }
  }
}
