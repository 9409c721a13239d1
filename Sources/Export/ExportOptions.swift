import Network

/// How a network is exported.
public struct ExportOptions: Sendable {
  /// What the plan makes least.
  public var goal = Goal.ram
  /// What weights become; without a choice what the network was trained for, or 8 bits.
  public var weights: WeightGrid?
  /// How weights are stored.
  public var encoding = EncodingChoice.auto
  /// The most bytes that the file may have.
  public var flashBudget: Int?
  /// The most bytes of arena and weight RAM together.
  public var ramBudget: Int?
  /// What each label is called.
  public var labels: [String]?
  /// How the network was made.
  public var source: String?
  /// Whether pictures are `light` ink on dark ground or `dark` on light, if they are ink at all.
  public var foreground: String?

  /// Creates the options that a person would choose who has no wish: least memory, weights used in place unless packing
  /// pays.
  public init() {}
}
