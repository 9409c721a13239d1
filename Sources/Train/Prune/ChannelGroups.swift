import Network

/// The channels of a network that can be taken out of it, each with all that has to go with it.
///
/// A channel can go where its values are 0 for every picture once all parameters that make it are 0. Layers that look at each
/// channel by itself pass it on; a sum or a product ties those of its inputs together. `ChannelSets` has the rules.
struct ChannelGroups {
  /// One channel of what a layer makes.
  struct Channel: Hashable {
    /// The layer's index.
    var layer: Int
    /// Counted from 0.
    var channel: Int
  }

  /// Channels that go together.
  struct Group: Hashable {
    /// Those of the layers with parameters of their own that make the channel or pass it on, in the network's order.
    fileprivate(set) var channels: [Channel] = []
    /// Their weights in convolutions, depthwise ones included, and dense layers: what their worth can be told by.
    fileprivate(set) var weights: [ParameterSlice] = []
    /// Their biases, and their weights and biases in batch norms.
    fileprivate(set) var others: [ParameterSlice] = []
    /// The weights that convolutions and dense layers multiply the channel with.
    fileprivate(set) var readers: [ParameterSlice] = []

    /// The parameters that have to be 0 for the channel to be 0; running statistics may be anything.
    var makers: [ParameterSlice] { weights + others }

    /// All parameters that go with the channel, running statistics left out. What its readers multiply it with makes no
    /// difference once it is 0, but grids are chosen for whole rows of weights: only with 0 there, too, are they those of the
    /// network without the channel.
    var parameters: [ParameterSlice] { makers + readers }
  }

  /// In the order of their first channel.
  let groups: [Group]
  /// The group of each channel of each value, as `Graph` numbers them; nil for one that has to stay.
  let groupOfChannel: [[Int?]]

  /// Finds the groups of a network, which follow from its layers alone.
  init(_ network: Network) {
    var sets = ChannelSets(network)
    var groups: [Group] = []
    var groupOfSet: [Int: Int] = [:]
    groupOfChannel = ([network.input] + network.shapes).enumerated().map { value, shape in
      (0..<shape.channels).map { channel in
        guard let set = sets.set(of: channel, in: value) else { return nil }
        if let group = groupOfSet[set] { return group }
        groupOfSet[set] = groups.count
        groups.append(Group())
        return groups.count - 1
      }
    }
    for (index, layer) in network.layers.enumerated() {
      let parameters = layer.operation.kind.parameters(for: network.inputShapes(of: layer))
      guard !parameters.isEmpty else { continue }
      for case (let channel, let group?) in groupOfChannel[index + 1].enumerated() {
        groups[group].add(Channel(layer: index, channel: channel), of: layer, parameters)
      }
      guard layer.operation.sumsChannels else { continue }
      for case (let channel, let group?) in groupOfChannel[layer.inputs[0].value].enumerated() {
        groups[group].readers.append(
          ParameterSlice(
            layer: layer.name, parameter: parameters[0], axis: .last, index: channel))
      }
    }
    self.groups = groups
  }
}

extension ChannelGroups.Group {
  /// Takes in a channel of a layer, whose parameters these are.
  fileprivate mutating func add(
    _ channel: ChannelGroups.Channel, of layer: Layer, _ parameters: [ParameterShape]
  ) {
    channels.append(channel)
    let isNorm = if case .batchNorm = layer.operation { true } else { false }
    for parameter in parameters where parameter.isTrained {
      let slice = ParameterSlice(
        layer: layer.name, parameter: parameter, axis: layer.operation.outputAxis,
        index: channel.channel)
      if parameter.name == "weight", !isNorm { weights.append(slice) } else { others.append(slice) }
    }
  }
}
