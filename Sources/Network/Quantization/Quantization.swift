/// The grids that a network is trained for: which whole numbers each layer's weights become, and over which range the
/// values that the device stores are spread.
///
/// The device stores less than every layer's output: it folds batch norms into weights, and rectifiers into what makes
/// their input. Whoever knows how, the exporter, says which layers these are.
public struct Quantization: Hashable, Sendable {
  /// One layer's weights.
  public struct Weights: Hashable, Sendable {
    /// The layer's name.
    public var layer: String
    /// What its weights become.
    public var grid: WeightGrid
    /// The names of the layers whose ranges the grids of the input and of the output follow from; `input` is the picture.
    /// One without a range has a grid of its own kind.
    public var input: String
    /// The same of the output.
    public var output: String
    /// The names of the batch norms that are folded into the weights, in their order.
    public var batchNorms: [String]

    /// Creates a layer's entry.
    public init(
      layer: String, grid: WeightGrid, input: String, output: String, batchNorms: [String] = []
    ) {
      self.layer = layer
      self.grid = grid
      self.input = input
      self.output = output
      self.batchNorms = batchNorms
    }
  }

  /// The layers whose weights become whole numbers, in the network's order.
  public var weights: [Weights]
  /// By name, the layers whose outputs are put on a grid of 8 bits, and the range that it covers.
  public var ranges: [String: ActivationRange]

  /// Creates a quantization.
  public init(weights: [Weights], ranges: [String: ActivationRange]) {
    self.weights = weights
    self.ranges = ranges
  }

  /// What the weights of a layer become; nil where they aren't known to it.
  public func grid(of layer: String) -> WeightGrid? {
    weights.first { $0.layer == layer }?.grid
  }

  /// The name that stands for the picture.
  public static let picture = "input"
}

/// The values that an activation's grid covers; 0 is one of them.
public struct ActivationRange: Hashable, Sendable {
  /// At most 0.
  public var low: Float
  /// At least 0.
  public var high: Float

  /// Creates a range; it is widened to hold 0.
  public init(_ low: Float, _ high: Float) {
    self.low = min(low, 0)
    self.high = max(high, 0)
  }

  /// The grid of 8 bits that covers it.
  public var grid: ActivationQuantization {
    ActivationQuantization(covering: Double(low), Double(high))
  }
}
