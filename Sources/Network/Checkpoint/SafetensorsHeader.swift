import Foundation

/// The JSON header of a safetensors file.
struct SafetensorsHeader {
  /// One tensor's entry.
  struct Entry: Codable {
    var dtype: String
    var shape: [Int]
    /// First byte and end, from the header's end.
    var data_offsets: [Int]
  }

  /// What stands behind a name: a tensor's entry, or the metadata.
  private enum Value: Codable {
    case entry(Entry)
    case metadata([String: String])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let metadata = try? container.decode([String: String].self) {
        self = .metadata(metadata)
      } else {
        self = .entry(try container.decode(Entry.self))
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .entry(let entry): try container.encode(entry)
      case .metadata(let metadata): try container.encode(metadata)
      }
    }
  }

  private static let metadataKey = "__metadata__"

  var entries: [String: Entry]
  var metadata: [String: String]

  init(entries: [String: Entry], metadata: [String: String]) {
    self.entries = entries
    self.metadata = metadata
  }

  /// Reads a header.
  /// - Throws: `CheckpointError.header`.
  init(json: ArraySlice<UInt8>) throws(CheckpointError) {
    let values: [String: Value]
    do {
      values = try JSONDecoder().decode([String: Value].self, from: Data(json))
    } catch { throw .header(Self.reason(error)) }
    entries = [:]
    metadata = [:]
    for (name, value) in values {
      switch value {
      case .entry(let entry) where name != Self.metadataKey: entries[name] = entry
      case .metadata(let metadata) where name == Self.metadataKey: self.metadata = metadata
      default: throw .header("entry '\(name)' is not what its name says")
      }
    }
  }

  /// The header's bytes: keys in order, so that the same header always gives the same ones.
  var json: [UInt8] {
    var values = entries.mapValues(Value.entry)
    if !metadata.isEmpty { values[Self.metadataKey] = .metadata(metadata) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return [UInt8](try encoder.encode(values))
    } catch { preconditionFailure("strings and whole numbers encode: \(error)") }
  }

  /// Where the JSON went wrong, in a few words.
  private static func reason(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "it is not JSON" }
    switch error {
    case .keyNotFound(let key, let context):
      return "\(path(context)) has no '\(key.stringValue)'"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "\(path(context)) is of another type than it should be"
    default: return "it is not JSON"
    }
  }

  private static func path(_ context: DecodingError.Context) -> String {
    let path = context.codingPath.map(\.stringValue).joined(separator: "/")
    return path.isEmpty ? "it" : "entry '\(path)'"
  }
}
