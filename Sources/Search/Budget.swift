/// What a model takes on a device.
public struct Footprint: Hashable, Sendable {
  /// Bytes of the model file. The runtime's code is not among them.
  public var fileBytes: Int
  /// Bytes of arena and weight RAM.
  public var ramBytes: Int
  /// Multiply-accumulates for one picture, nominal.
  public var macs: Int

  /// Creates a footprint.
  public init(fileBytes: Int, ramBytes: Int, macs: Int) {
    self.fileBytes = fileBytes
    self.ramBytes = ramBytes
    self.macs = macs
  }
}

/// The most that a model may take.
public struct Budget: Hashable, Sendable {
  /// Bytes of the model file.
  public var fileBytes: Int?
  /// Bytes of arena and weight RAM.
  public var ramBytes: Int?
  /// Multiply-accumulates for one picture.
  public var macs: Int?

  /// Creates a budget; nil is no bound.
  public init(fileBytes: Int? = nil, ramBytes: Int? = nil, macs: Int? = nil) {
    self.fileBytes = fileBytes
    self.ramBytes = ramBytes
    self.macs = macs
  }

  /// Why a model doesn't fit, in a few words; nil if it does.
  public func excess(of footprint: Footprint) -> String? {
    let checks = [
      ("bytes of model file", footprint.fileBytes, fileBytes),
      ("bytes of RAM", footprint.ramBytes, ramBytes), ("MACs", footprint.macs, macs),
    ]
    for (what, needed, budget) in checks {
      if let budget, needed > budget { return "\(needed) \(what), the budget is \(budget)" }
    }
    return nil
  }
}
