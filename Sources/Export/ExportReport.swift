import Network

/// What an export did: the table of layers and the sums under it.
public struct ExportReport: Sendable {
  /// One step of the model.
  public struct Layer: Sendable {
    /// The layer's name.
    public let name: String
    /// What it computes, as a network text calls it.
    public let operation: String
    /// The output, height x width x channels.
    public let shape: String
    /// Multiply-accumulates for one picture, nominal.
    public let macs: Int
    /// Bytes in the file: constants and weights.
    public let byteCount: Int
    /// How its weights are stored; nil without weights.
    public let encoding: String?
    /// The output's scale and zero point.
    public let quantization: ActivationQuantization
    /// Signal to quantization noise, in dB; nil where the float network has no such layer.
    public let sqnr: Double?
    /// The most that its sums can reach; 0 without sums.
    public let accumulatorBound: Int
    /// The largest relative distance of a channel's scale from the real one.
    public let scaleError: Double
    /// Rows of output kept, and bytes of arena for them.
    public let ringHeight: Int
    /// Bytes of the arena for the output.
    public let arenaByteCount: Int
  }

  /// A method and the mean squared error of the outputs that it led to.
  public struct Trial: Sendable {
    /// The method.
    public let method: RangeMethod
    /// Mean squared error of the output's real values over the samples.
    public let outputError: Double
  }

  /// What weights became; more than one where layers differ.
  public let weights: [WeightGrid]
  /// The steps, the picture's left out.
  public let layers: [Layer]
  /// The methods tried, in the order tried; none where the network was trained for its ranges.
  public let trials: [Trial]
  /// The one used: that with the least error.
  public let method: RangeMethod?
  /// What `deflate` would do, or did, to this model.
  public let deflate: DeflateBalance
  /// Bytes of the file.
  public let fileByteCount: Int
  /// Bytes of weights as stored.
  public let weightByteCount: Int
  /// Bytes of working memory without weights.
  public let arenaByteCount: Int
  /// Bytes of memory for unpacked weights.
  public let weightRAMByteCount: Int
  /// Multiply-accumulates for one picture, nominal.
  public var macs: Int { layers.reduce(0) { $0 + $1.macs } }
}

/// A model file and what is to be said about it.
public struct ExportResult: Sendable {
  /// The model file.
  public let file: [UInt8]
  /// The report.
  public let report: ExportReport
}
