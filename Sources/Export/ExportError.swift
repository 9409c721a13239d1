import Network

/// Why a network can't be exported. Each case names the layer.
public enum ExportError: Error, Equatable, Sendable {
  /// The network has no value for this parameter.
  case missingParameter(String)
  /// A weight or bias that is NaN or infinite.
  case notFinite(layer: String)
  /// No histogram of this layer's activations, so that its range is unknown.
  case missingActivations(layer: String)
  /// A choice of grids for a layer that doesn't exist; the nearest that does.
  case unknownLayer(String, nearest: String)
  /// A choice of grids for a layer without weights.
  case noWeights(layer: String)
  /// Another grid than the layer was trained for.
  case otherGrid(layer: String, trained: WeightGrid, chosen: WeightGrid)
  /// The largest sum that a layer's weights allow does not fit 32 bits.
  case accumulatorBound(layer: String, bound: Int)
  /// Something larger than a field of the model file can say.
  case tooLarge(layer: String, what: String, found: Int, limit: Int)
  /// A layer that the device can't run.
  case unsupported(layer: String, why: String)
  /// A model file compared with a network that it wasn't made from.
  case otherNetwork(expected: Int, found: Int)
  /// The model is larger than the flash it may take.
  case flashBudget(needed: Int, budget: Int)
  /// The model works in more memory than it may take.
  case ramBudget(needed: Int, budget: Int)
  /// Two buffers that live at one time overlap in the plan: a bug in the planner, which must never reach a file.
  case overlap(String, String)
  /// What was written doesn't load: a bug in the writer, which must never reach a file.
  case reload(String)
}

extension ExportError: CustomStringConvertible {
  /// One line for a person.
  public var description: String {
    switch self {
    case .missingParameter(let name): "the network has no parameter \(name)"
    case .notFinite(let layer): "layer \(layer) has a weight or bias that is not a finite number"
    case .missingActivations(let layer):
      "the checkpoint has no activation range for layer \(layer); give pictures with --calibration"
    case .unknownLayer(let layer, let nearest):
      "the network has no layer \(layer), did you mean \(nearest)?"
    case .noWeights(let layer): "layer \(layer) has no weights to quantize"
    case .otherGrid(let layer, let trained, let chosen):
      "layer \(layer) was trained for \(trained.rawValue) weights, which is what they become without --weights; "
        + "\(chosen.rawValue) would lose what was learned"
    case .accumulatorBound(let layer, let bound):
      "layer \(layer): its sums can reach \(bound), more than 32 bits hold (\(Int32.max)); "
        + "split the layer or lower its weights"
    case .tooLarge(let layer, let what, let found, let limit):
      "layer \(layer): \(what) is \(found), a model file allows at most \(limit)"
    case .unsupported(let layer, let why): "layer \(layer): \(why)"
    case .otherNetwork(let expected, let found):
      "the model file was not made from this network: it has \(found) steps of other shapes, "
        + "the network makes \(expected)"
    case .flashBudget(let needed, let budget):
      "the model file is \(needed) bytes, over the flash budget of \(budget)"
    case .ramBudget(let needed, let budget):
      "the model works in \(needed) bytes, over the RAM budget of \(budget)"
    case .overlap(let first, let second):
      "internal: the plan gives \(first) and \(second) the same memory at one time"
    case .reload(let why): "internal: the file written does not load: \(why)"
    }
  }
}
