import TinyRuntime

/// Where each activation lives in the arena and how many rows of it are kept.
struct Plan: Equatable {
  /// One activation's place.
  struct Edge: Equatable {
    /// Rows and columns of padding carried around the pixels: the widest any reader needs.
    var marginTop = 0
    var marginBottom = 0
    var marginLeft = 0
    var marginRight = 0
    /// Rows kept, margin rows counted; 0 where a max pool took the convolution over.
    var ringHeight = 0
    /// Bytes from the start of the arena.
    var offset = 0
    /// Bytes of the buffer.
    var byteCount = 0
  }

  var edges: [Edge]
  /// Bytes of the arena, the walk's state included.
  var arenaByteCount: Int

  /// Places records.
  /// - Parameters:
  ///   - records: with margins and ring heights.
  ///   - offsets: where each edge begins behind the walk's state, in words of 4 bytes.
  init(_ records: [OpRecord], offsets: [Int]) {
    let state = ModelFormat.stateByteCount(recordCount: records.count)
    var end = state
    edges = zip(records, offsets).map { record, offset in
      let edge = Edge(
        marginTop: record.marginTop, marginBottom: record.marginBottom,
        marginLeft: record.marginLeft, marginRight: record.marginRight,
        ringHeight: record.ringHeight, offset: record.isFolded ? 0 : state + 4 * offset,
        byteCount: record.bufferByteCount)
      end = max(end, edge.offset + edge.byteCount)
      return edge
    }
    arenaByteCount = (end + 3) & ~3
  }
}

/// What the exporter makes least.
public enum Goal: String, CaseIterable, Sendable {
  /// Working memory: as few rows of each activation as will do, so that rows stream down the network.
  case ram
  /// Work: whole activations, layer after layer.
  case speed
}
