import Foundation
import Network
import TinyRuntime

extension QuantizedNetwork.Node {
  /// The factors `exp(-scale * 2^b)` in 1/2^31.
  mutating func takeSoftmax(
    _ node: FoldedNetwork.Node, input: ActivationQuantization
  ) throws(ExportError) {
    guard node.shape.channels <= ModelFormat.softmaxChannelLimit else {
      throw .tooLarge(
        layer: node.name, what: "the number of channels of a softmax", found: node.shape.channels,
        limit: ModelFormat.softmaxChannelLimit)
    }
    constants = (0..<8).map { bit in
      let factor = exp(-input.scale * Double(1 << bit)) * 0x1p31
      return Int32(bitPattern: UInt32(factor.rounded()))
    }
  }
}
