import Network

/// Where a batch norm's parameters lie among all.
struct BatchNormPlace {
  let weight: Int
  let bias: Int
  let mean: Int
  let variance: Int

  /// The parameters of a layer that is a batch norm.
  init(_ layer: String, _ layout: ParameterLayout) {
    func offset(_ name: String) -> Int {
      guard let offset = layout.offset(layer, name) else {
        preconditionFailure("batch norm \(layer) has a parameter \(name)")
      }
      return offset
    }
    weight = offset("weight")
    bias = offset("bias")
    mean = offset("running_mean")
    variance = offset("running_variance")
  }

  /// What is multiplied into a channel's weights when it is folded into them.
  func factor(of channel: Int, _ parameters: UnsafePointer<Float>) -> Float {
    BatchNorm.factor(
      weight: parameters[weight + channel], variance: parameters[variance + channel])
  }
}
