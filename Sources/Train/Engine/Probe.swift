import Network
import Synchronization

/// Finds the first layer that makes a value which is not finite.
final class Probe: Sendable {
  private let shapes: [Shape]
  private let first = Atomic<Int>(.max)

  init(_ network: Network) { shapes = network.shapes }

  /// The layer's index, if there was one.
  var layer: Int? {
    let index = first.load(ordering: .relaxed)
    return index == .max ? nil : index
  }

  /// Looks at a layer's output for a picture.
  func look(at values: UnsafePointer<Float>, of layer: Int) {
    let shape = shapes[layer]
    let isFinite = (0..<shape.pixelCount).allSatisfy { pixel in
      (0..<shape.channels).allSatisfy { values[pixel * shape.pixelStride + $0].isFinite }
    }
    if !isFinite { first.min(layer, ordering: .relaxed) }
  }
}
