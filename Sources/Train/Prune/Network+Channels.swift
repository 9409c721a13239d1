import Network

extension Network {
  /// The network without the channels that are 0 for every picture because all parameters that make them are 0: it computes
  /// the same with fewer parameters, except for how float sums are rounded. Layers keep their names, and the network its grids.
  ///
  /// No layer becomes empty: where all of its channels would go, its first one stays, with its whole group. Histograms of
  /// activations are those of other shapes then and are left out; where nothing goes this is the network itself.
  var withoutZeroChannels: Network {
    let channels = ChannelGroups(self)
    let stays = groupsThatStay(of: channels)
    guard stays.contains(false) else { return self }
    let kept = channels.groupOfChannel.map { groups in
      groups.indices.filter { channel in groups[channel].map { stays[$0] } ?? true }
    }
    return keeping(kept)
  }

  /// Whether a group stays, for each.
  private func groupsThatStay(of channels: ChannelGroups) -> [Bool] {
    var stays = channels.groups.map { group in !group.makers.allSatisfy(isZero) }
    for groups in channels.groupOfChannel
    where groups.allSatisfy({ group in group.map { !stays[$0] } ?? false }) {
      if let group = groups[0] { stays[group] = true }
    }
    return stays
  }

  private func isZero(_ slice: ParameterSlice) -> Bool {
    guard let values = parameters[slice.name]?.values else { return false }
    return slice.places().allSatisfy { values[$0] == 0 }
  }

  /// The network with these channels of each value, as `Graph` numbers them.
  private func keeping(_ kept: [[Int]]) -> Network {
    let narrowed = zip(layers, kept.dropFirst()).map { layer, channels in
      Layer(
        name: layer.name, operation: layer.operation.making(channels: channels.count),
        inputs: layer.inputs)
    }
    var network: Network
    do {
      network = try Network(input: input, layers: narrowed)
    } catch { preconditionFailure("what is tied together has lost the same channels") }
    network.quantization = quantization
    for layer in layers.indices {
      network.parameters.merge(parameters(of: layer, keeping: kept)) { $1 }
    }
    return network
  }

  /// What is left of a layer's parameters, by full name.
  private func parameters(of index: Int, keeping kept: [[Int]]) -> [String: Tensor] {
    let layer = layers[index]
    var left: [String: Tensor] = [:]
    for parameter in layer.operation.kind.parameters(for: inputShapes(of: layer)) {
      let name = "\(layer.name).\(parameter.name)"
      guard let tensor = parameters[name] else { continue }
      var rest = tensor.keeping(kept[index + 1], along: layer.operation.outputAxis)
      if layer.operation.sumsChannels, parameter.name == "weight" {
        rest = rest.keeping(kept[layer.inputs[0].value], along: .last)
      }
      left[name] = rest
    }
    return left
  }
}

extension Layer.Operation {
  /// The operation with so many channels of output, where it says how many there are.
  fileprivate func making(channels: Int) -> Layer.Operation {
    switch self {
    case .conv2D(var conv):
      conv.outputChannels = channels
      return .conv2D(conv)
    case .dense(var dense):
      dense.outputs = channels
      return .dense(dense)
    case .reshape(var reshape):
      reshape.shape?.channels = channels
      return .reshape(reshape)
    default:
      return self
    }
  }
}
