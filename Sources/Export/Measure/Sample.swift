/// A picture and what the float network makes of it: what the exporter measures itself against.
public struct Sample: Sendable {
  /// 8-bit pixels, height x width x channels.
  public var pixels: [UInt8]
  /// The output of each layer of the network, in its order, height x width x channels.
  public var activations: [[Float]]

  /// Creates a sample.
  public init(pixels: [UInt8], activations: [[Float]]) {
    self.pixels = pixels
    self.activations = activations
  }
}
