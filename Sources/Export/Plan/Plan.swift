/// Where each activation lives in the arena and how many rows of it are kept.
struct Plan: Equatable {
  /// One activation's place.
  struct Edge: Equatable {
    /// Rows and columns of padding carried around the pixels: the widest any reader needs.
    var marginTop = 0
    var marginBottom = 0
    var marginLeft = 0
    var marginRight = 0
    /// Rows kept, margin rows counted.
    var ringHeight = 0
    /// Bytes from the start of the arena.
    var offset = 0
    /// Bytes of the buffer.
    var byteCount = 0
    /// The first and the last step of the walk in which the buffer is written or read.
    var lifetime = 0...0
  }

  var edges: [Edge]
  /// Bytes of the arena, the walk's state included.
  var arenaByteCount: Int
  /// Steps of the walk.
  var stepCount: Int
}

/// What the exporter makes least.
public enum Goal: String, CaseIterable, Sendable {
  /// Working memory: as few rows of each activation as will do, so that rows stream down the network.
  case ram
  /// Work: whole activations, layer after layer.
  case speed
}
