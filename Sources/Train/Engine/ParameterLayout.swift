import Network

/// Where each parameter lies in one flat run of floats: the trained ones first, then what is only
/// observed.
struct ParameterLayout {
  /// One parameter's place.
  struct Entry {
    var name: String
    var shape: ParameterShape
    var offset: Int

    var range: Range<Int> { offset..<offset + shape.count }
  }

  let entries: [Entry]
  let trainedCount: Int
  let count: Int
  private let indices: [String: Int]

  init(_ network: Network) {
    var entries: [Entry] = []
    var offset = 0
    for isTrained in [true, false] {
      for (name, shape) in network.parameterShapes where shape.isTrained == isTrained {
        entries.append(Entry(name: name, shape: shape, offset: offset))
        offset += shape.count
      }
    }
    self.entries = entries
    trainedCount = entries.reduce(0) { $0 + ($1.shape.isTrained ? $1.shape.count : 0) }
    count = offset
    indices = Dictionary(
      uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
  }

  /// The offset of a parameter of a layer, or nil if the layer has none of this name.
  func offset(_ layer: String, _ name: String) -> Int? {
    indices["\(layer).\(name)"].map { entries[$0].offset }
  }

  /// The flat run as tensors by name.
  func tensors(_ values: UnsafePointer<Float>) -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for entry in entries {
      let run = UnsafeBufferPointer(start: values + entry.offset, count: entry.shape.count)
      tensors[entry.name] = Tensor(shape: entry.shape.shape, values: Array(run))
    }
    return tensors
  }

  /// Writes tensors into the flat run.
  func load(_ tensors: [String: Tensor], into values: UnsafeMutablePointer<Float>) {
    for entry in entries {
      guard let tensor = tensors[entry.name] else {
        preconditionFailure("parameter \(entry.name) has no value")
      }
      precondition(tensor.shape == entry.shape.shape, "parameter \(entry.name) has its shape")
      for (index, value) in tensor.values.enumerated() { values[entry.offset + index] = value }
    }
  }
}
