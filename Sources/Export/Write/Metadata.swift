import Foundation

/// What a model file says of itself to people and tools; the runtime does not read it.
public struct Metadata: Codable, Equatable, Sendable {
  /// The name of each step, the picture's first.
  public var names: [String]
  /// The scale of each step's output: real = (value - zero point) * scale.
  public var scales: [Float]
  /// What each label is called.
  public var labels: [String]?
  /// How the network was made, for instance its training command.
  public var source: String?
  /// `light` where pictures are light ink on dark ground, `dark` the other way round; nil where there is no such thing.
  public var foreground: String?

  /// Creates metadata.
  public init(
    names: [String], scales: [Float], labels: [String]? = nil, source: String? = nil,
    foreground: String? = nil
  ) {
    self.names = names
    self.scales = scales
    self.labels = labels
    self.source = source
    self.foreground = foreground
  }

  /// UTF-8 JSON with sorted keys.
  package var bytes: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings and finite numbers always encode.
    return [UInt8](try! encoder.encode(self))
  }

  /// Bytes that it takes in a file, its head left out.
  public var byteCount: Int { bytes.count }

  /// Reads what `bytes` made; nil where it is not that.
  package init?(_ bytes: some Sequence<UInt8>) {
    guard let metadata = try? JSONDecoder().decode(Metadata.self, from: Data(bytes)) else {
      return nil
    }
    self = metadata
  }
}
