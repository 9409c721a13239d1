/// What of a network can be pruned, each unit as a whole.
protocol PruningUnits {
  /// How large each layer's units are, squared, one layer after another; a unit's number counts through all of them.
  func squares(_ parameters: UnsafePointer<Float>) -> [[Double]]

  /// The places of the parameters that are 0 where a unit is gone.
  func places(of unit: Int) -> [Int]
}
